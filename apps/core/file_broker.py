"""The embedded broker: Kombu's filesystem transport with three fixes for lost messages.

As shipped (kombu 5.7), the publisher writes under the final name and the consumer does not lock, so readers see empty
files; processes that start at the same time overwrite each other's bindings; messages pass through the system's
temporary folder. Here a message is written under a temporary name and renamed, bindings are written under a lock file,
and claimed messages stay under DATA_DIR until they are read. The job row remains the durable copy of every message.
"""

import fcntl
import os
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

from apps.core.types import PassedThrough

if TYPE_CHECKING:
    from collections.abc import Iterator


class Channel(filesystem.Channel):
    """Stores each queue as a folder under `messages`, and each message as a file that is renamed into place."""

    @contextmanager
    def _binding_lock(self) -> "Iterator[None]":
        self.control_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.control_folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def get_table(self, exchange: str) -> Any:
        """Return the bindings of an exchange."""
        with self._binding_lock():
            return super().get_table(exchange)

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str) -> None:
        with self._binding_lock():
            super()._queue_bind(exchange, routing_key or "", pattern or "", queue)

    def _delete(self, queue: str, *args: PassedThrough, **kwargs: PassedThrough) -> None:
        with self._binding_lock():
            super()._delete(queue, *args, **kwargs)

    def _folder(self, queue: str) -> Path:
        folder = Path(self.data_folder_in) / queue
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _put(self, queue: str, payload: Any, **_: PassedThrough) -> None:  # type: ignore[override]
        folder = self._folder(queue)
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
        temporary = folder / f".{name}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(dumps(payload))
        temporary.replace(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        del timeout
        processed = Path(self.processed_folder)
        processed.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in self._waiting(queue):
            claimed = processed / f"{queue}.{name}"
            try:
                (self._folder(queue) / name).rename(claimed)
            except FileNotFoundError:
                continue  # another worker claimed it first
            payload = claimed.read_text(encoding="utf-8")
            claimed.unlink()
            return loads(payload)
        raise Empty

    def _waiting(self, queue: str) -> list[str]:
        return sorted(name for name in os.listdir(self._folder(queue)) if not name.startswith("."))  # noqa: PTH208

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        names = self._waiting(queue)
        for name in names:
            (self._folder(queue) / name).unlink(missing_ok=True)
        return len(names)


class Transport(filesystem.Transport):
    """Registered as `votekin-files` in project/celery.py."""

    Channel = Channel
    polling_interval = 0.05
