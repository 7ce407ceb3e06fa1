"""The request and the report of a load."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from apps.core.errors import BadInput, Refused

from ..layout import Layout
from ..reading.opening import file_hash
from ..reading.rows import BadRow

ProgressCallback = Callable[[int], object]


@dataclass(frozen=True)
class LoadRequest:
    """What to load. `more` are further files of the same roll; `accept` is the operator's reason to accept drift."""

    path: Path
    layout: Layout
    state: str = ""
    as_of: date | None = None
    accept: str = ""
    more: Sequence[Path] = ()

    @property
    def paths(self) -> list[Path]:
        """Return all files, in reading order."""
        return [self.path, *self.more]

    @property
    def names(self) -> str:
        """Return the files' names, as stored with the snapshot."""
        return ", ".join(path.name for path in self.paths)


@dataclass
class LoadReport:
    """The counts and findings of a load."""

    read: int = 0
    loaded: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    quarantined: int = 0
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)
    first_errors: list[str] = field(default_factory=list)
    drift: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    dates: dict[str, dict[str, object]] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)  # from the text, without losing a value
    phases: dict[str, float] = field(default_factory=dict)  # seconds

    def as_dict(self) -> dict[str, Any]:
        """Return the command's JSON report."""
        return {
            "read": self.read,
            "loaded": self.loaded,
            "dropped": dict(sorted(self.dropped.items())),
            "quarantined": self.quarantined,
            "seconds": round(self.seconds, 2),
            "states": self.states,
            "ignored_columns": self.ignored_columns,
            "first_faults": self.first_errors,
            "dates": self.dates,
            "removed": {what: count for what, count in self.removed.items() if count},
            "phases": {name: round(seconds, 2) for name, seconds in self.phases.items()},
        }


class DriftRefused(Refused):
    """The loaded roll exceeds the drift limits and waits to be accepted. `report` has the findings."""

    def __init__(self, message: str, report: LoadReport) -> None:
        super().__init__(message)
        self.report = report


def files_digest(paths: Sequence[Path]) -> str:
    """Return the SHA-256 of a file, or of the hashes of several; raise BadInput that names an unreadable one."""
    hashes = []
    for path in paths:
        try:
            hashes.append(file_hash(path))
        except OSError as error:
            raise BadInput(f"{path.name} cannot be read: {error.strerror}.") from error
    return hashes[0] if len(hashes) == 1 else sha256("".join(hashes).encode()).hexdigest()


def describe_bad_row(name: str, row: BadRow) -> str:
    """Return a sentence with the file, line and column of a bad row, and the reason."""
    column = f", column {row.column}" if row.column else ""
    return f"{name} line {row.line}{column}: {row.reason}."


def cure_of(row: BadRow) -> str:
    """Return what an operator can do about a structural fault."""
    quotes = ", write `quotes: false` into the layout if the file quotes nothing" if "quote" in row.reason else ""
    return f"Correct the line{quotes}, or load with --accept to skip it."
