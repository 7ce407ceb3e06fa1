"""`backup DIR`: write a backup of an installation on SQLite."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from project import backup


class Command(VotekinCommand):
    """A backup never contains keys; see docs/operations.md."""

    help = "Write a backup into a new folder, while the installation runs."
    requires_database = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder."""
        parser.add_argument("dir", type=Path)

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Write the backup."""
        return backup.backup(options["dir"].absolute())
