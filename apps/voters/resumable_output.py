"""Long output files that a command resumes after it was killed: a draft beside the target, and a checkpoint.

The checkpoint is replaced after each chunk that reached the disk; the next run truncates the draft to it. Both
disappear once the output has its final name.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from apps.core.errors import BadInput, Refused


class Draft:
    """An unfinished output file. Its first `size` bytes have the results of `rows` input rows, with `counts`."""

    def __init__(self, file: IO[bytes], checkpoint: Path, work: str) -> None:
        self.rows, self.counts, self.size = 0, dict[str, int](), 0
        self._file, self._checkpoint, self._work = file, checkpoint, work
        stored = _read(checkpoint)
        if stored.get("work") == work and os.fstat(file.fileno()).st_size >= stored["size"]:
            self.rows, self.counts, self.size = stored["rows"], stored["counts"], stored["size"]
        file.truncate(self.size)
        file.seek(self.size)

    def add(self, text: str, rows: int = 0, counts: Mapping[str, int] | None = None) -> None:
        """Append the results of `rows` more input rows, sync, and replace the checkpoint."""
        self._file.write(text.encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self.rows, self.size = self.rows + rows, self._file.tell()
        for name, count in (counts or {}).items():
            self.counts[name] = self.counts.get(name, 0) + count
        checkpoint = {"work": self._work, "size": self.size, "rows": self.rows, "counts": self.counts}
        replacement = self._checkpoint.with_name(self._checkpoint.name + ".new")
        replacement.write_text(json.dumps(checkpoint))
        replacement.replace(self._checkpoint)


def _read(checkpoint: Path) -> dict[str, Any]:
    try:
        stored = json.loads(checkpoint.read_text())
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


@contextmanager
def resumable_draft(path: str, work: str) -> Iterator[Draft]:
    """Yield the draft of `path`, resumed if an earlier run did the same `work`, else empty; rename it on success.

    `work` is a hash of every input that affects the output. After an error the draft stays for the next run. Raises
    BadInput if the file cannot be written, Refused if another run is writing it.
    """
    target = Path(path)
    draft, checkpoint = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.note")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            _lock(file, draft, path)
            yield Draft(file, checkpoint, work)
            draft.replace(target)
        checkpoint.unlink(missing_ok=True)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error


def _lock(file: IO[bytes], draft: Path, path: str) -> None:
    """Lock the draft until it is closed or the process dies."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        locked = os.fstat(file.fileno()).st_ino == draft.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        locked = False
    if not locked:  # or the other run has just renamed the draft
        raise Refused(f"Another run is writing {path}. Wait until it finishes.")
