"""Share one installation among all faults, and print the table at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import results
from tests.faults.installation import Installation


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Start an installation on the real servers."""
    one = Installation(Path(tmp_path_factory.mktemp("installation")))
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture(autouse=True)
def _repaired(installation: Installation) -> None:
    """Begin every fault in the same state, so that one that fails does not fail the next."""
    installation.repair()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each fault."""
    if results.ROWS:
        terminalreporter.write_line("")
        for line in results.table():
            terminalreporter.write_line(line)
        results.write()
