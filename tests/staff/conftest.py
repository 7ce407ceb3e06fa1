"""Fixtures of the staff tests: those of voter rolls."""

from tests.voters.conftest import incoming, load_file, write

__all__ = ["incoming", "load_file", "write"]
