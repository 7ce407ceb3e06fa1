"""A long output file that a killed command continues: a draft beside it, and a note of how far the draft is whole.

The note is replaced after each stretch that reached the disk, so whatever the draft holds beyond it is cut off by the
next run. Both go once the file has its name.
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
    """An output file in the making. `rows` are answered in its first `size` bytes, with `counts`."""

    def __init__(self, file: IO[bytes], note: Path, work: str) -> None:
        self.rows, self.counts, self.size = 0, dict[str, int](), 0
        self._file, self._note, self._work = file, note, work
        found = _read(note)
        if found.get("work") == work and os.fstat(file.fileno()).st_size >= found["size"]:
            self.rows, self.counts, self.size = found["rows"], found["counts"], found["size"]
        file.truncate(self.size)
        file.seek(self.size)

    def add(self, text: str, rows: int = 0, counts: Mapping[str, int] | None = None) -> None:
        """Write the answers of so many more rows, and note it once they are on the disk."""
        self._file.write(text.encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self.rows, self.size = self.rows + rows, self._file.tell()
        for name, count in (counts or {}).items():
            self.counts[name] = self.counts.get(name, 0) + count
        note = {"work": self._work, "size": self.size, "rows": self.rows, "counts": self.counts}
        beside = self._note.with_name(self._note.name + ".new")
        beside.write_text(json.dumps(note))
        beside.replace(self._note)


def _read(note: Path) -> dict[str, Any]:
    try:
        found = json.loads(note.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def resumable_draft(path: str, work: str) -> Iterator[Draft]:
    """Yield the draft of `path`: that of an earlier run where it did the same `work`, a hash of all that decides the
    answers; else an empty one. It takes the real name only if the block ends well, and stays for the next run else.

    Raises BadInput where it cannot be written, Refused where another run writes it.
    """
    target = Path(path)
    draft, note = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.note")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            _lock(file, draft, path)
            yield Draft(file, note, work)
            draft.replace(target)
        note.unlink(missing_ok=True)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error


def _lock(file: IO[bytes], draft: Path, path: str) -> None:
    """Hold the draft until it is closed; a killed process lets go of it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        mine = os.fstat(file.fileno()).st_ino == draft.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        mine = False
    if not mine:  # or the other run ended a moment ago and the draft has its name
        raise Refused(f"Another run writes {path} at this moment.")
