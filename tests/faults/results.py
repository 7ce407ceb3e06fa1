"""Collect one line for each fault: printed as a table, and written as JSON if FAULTS_JSON names a file."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

COLUMNS = (("load", 6), ("refused", 9), ("recovery", 10), ("slowest", 9), ("lost", 6), ("doubled", 9), ("again", 7))


@dataclass(frozen=True)
class FaultResult:
    """The effects of one fault: people, seconds, and how many people were affected."""

    fault: str
    load: int
    refused: int
    recovery: float
    slowest: float
    lost: int
    doubled: int
    again: int


ROWS: list[FaultResult] = []


def table() -> list[str]:
    """Return the table: seconds to recover count from the end of fault and load; `again` is what SMTP allows."""
    lines = [f"{'fault':<52}" + "".join(f"{name:>{width}}" for name, width in COLUMNS)]
    for row in ROWS:
        facts = asdict(row)
        values = (f"{facts[name]:.1f}" if isinstance(facts[name], float) else str(facts[name]) for name, _ in COLUMNS)
        lines.append(
            f"{row.fault:<52}" + "".join(f"{text:>{width}}" for text, (_, width) in zip(values, COLUMNS, strict=True))
        )
    return lines


def write() -> None:
    """Write the rows as JSON."""
    if target := os.environ.get("FAULTS_JSON"):
        path = Path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([asdict(row) for row in ROWS], indent=1) + "\n")
