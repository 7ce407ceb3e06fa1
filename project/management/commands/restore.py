"""`restore DIR`: restore a backup of an installation on SQLite."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from project import backup


class Command(VotekinCommand):
    """A backup never contains keys; see docs/operations.md."""

    help = "Restore a backup into an empty DATA_DIR."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder."""
        parser.add_argument("dir", type=Path)

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Restore the backup."""
        return backup.restore(options["dir"].absolute())
