"""One house for all faults, and the table at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import results
from tests.faults.installation import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running house on the real servers."""
    one = House(Path(tmp_path_factory.mktemp("house")))
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line a fault."""
    if results.ROWS:
        terminalreporter.write_line("")
        for line in results.table():
            terminalreporter.write_line(line)
        results.write()
