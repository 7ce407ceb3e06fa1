"""Rows that could not be loaded, with line and reason; stored encrypted for seven days."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from django.conf import settings

from apps.core.crypto import decrypt, encrypt, rotate_lines

from .reading.rows import BadRow

RETENTION_SECONDS: Final = 7 * 24 * 3600
MAX_ROWS_PER_LOAD: Final = 10_000  # further rows are counted, not stored
MAX_TEXT_LENGTH: Final = 2_000


@dataclass(frozen=True)
class QuarantinedRow:
    """A quarantined row."""

    file: str
    line: int
    column: str
    reason: str
    text: str


def quarantine_folder() -> Path:
    """Return the folder of quarantines."""
    return Path(settings.DATA_DIR) / "rolls" / "quarantine"


def write(load: str, bad: Iterable[tuple[str, BadRow]]) -> None:
    """Append (file name, row) pairs to the quarantine of a load."""
    path = quarantine_folder() / load
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        for name, row in bad:
            content = [name, row.line, row.column, row.reason, row.text[:MAX_TEXT_LENGTH]]
            file.write(encrypt(json.dumps(content)) + "\n")


def read(load: str, limit: int = MAX_ROWS_PER_LOAD) -> Iterator[QuarantinedRow]:
    """Yield the rows of a load's quarantine; none if it is empty or expired."""
    path = quarantine_folder() / load
    if path.is_file():
        with path.open(encoding="ascii") as file:
            for token in islice(file, limit):
                yield QuarantinedRow(*json.loads(decrypt(token.strip())))


def remove(load: str) -> None:
    """Remove the quarantine of a load that starts again."""
    (quarantine_folder() / load).unlink(missing_ok=True)


def delete_expired(now: float | None = None) -> int:
    """Delete quarantines older than seven days; return how many were deleted."""
    cutoff = (now or time.time()) - RETENTION_SECONDS
    expired = [path for path in quarantine_folder().glob("*") if path.stat().st_mtime < cutoff]
    for path in expired:
        path.unlink(missing_ok=True)
    return len(expired)


def rotate_keys(dry_run: bool) -> int:
    """Rotate the quarantined rows; return how many files (dry run) or rows."""
    files = [path for path in quarantine_folder().glob("*") if path.is_file() and not path.name.startswith(".")]
    return len(files) if dry_run else sum(rotate_lines(path) for path in files)
