"""What the pages of the rolls need: rolls."""

from tests.voters.conftest import incoming, load_file, write

__all__ = ["incoming", "load_file", "write"]
