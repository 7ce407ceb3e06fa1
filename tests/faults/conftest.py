"""One house for all faults, and the table at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.house import House


@dataclass(frozen=True)
class Row:
    """What one fault did."""

    fault: str
    load: int
    refused: int
    recovery: float
    slowest: float
    lost: int
    doubled: int
    again: int


ROWS: list[Row] = []


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running house."""
    one = House(Path(tmp_path_factory.mktemp("house")))
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a row a fault."""
    if not ROWS:
        return
    terminalreporter.write_line("")
    widths = (("load", 6), ("refused", 9), ("recovery s", 12), ("slowest s", 11), ("lost", 6), ("doubled", 9))
    head = "".join(f"{name:>{width}}" for name, width in widths)
    terminalreporter.write_line(f"{'fault':<44}{head}{'sent again':>12}")
    for row in ROWS:
        terminalreporter.write_line(
            f"{row.fault:<44}{row.load:>6}{row.refused:>9}{row.recovery:>12.1f}{row.slowest:>11.1f}"
            f"{row.lost:>6}{row.doubled:>9}{row.again:>12}"
        )
