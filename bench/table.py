"""Share among benchmarks: lines of a table of targets, its printing and storage, and the memory of a process."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One line of the table; `target` is empty where none is set, and `met` None."""

    what: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None


def report(lines: Sequence[Line], out: Path, facts: Mapping[str, str] | None = None) -> int:
    """Print the table and write it as JSON, with the day and `facts`; return 1 if a target was missed."""
    for line in lines:
        mark = {None: "", True: "met", False: "MISSED"}[line.met]
        print(f"{line.what:<62}{line.value:>14,.2f} {line.unit:<12}{line.target:<11}{mark}")
    out.parent.mkdir(exist_ok=True)
    found = {"date": time.strftime("%Y-%m-%d"), **(facts or {}), "results": [vars(line) for line in lines]}
    out.write_text(json.dumps(found, indent=1) + "\n")
    return int(any(line.met is False for line in lines))


def private_mb(pid: int) -> float:
    """Return the memory that a process has for itself alone (USS), in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private")) / 1024
