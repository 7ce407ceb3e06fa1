"""`backup DIR`: write an encrypted backup of an installation on SQLite."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from project import backup


class Command(VotekinCommand):
    """A backup never contains keys; see docs/operations.md."""

    help = "Write a backup, encrypted to BACKUP_RECIPIENTS, into a new folder, while the installation runs."
    requires_database = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder and --rolls."""
        parser.add_argument("dir", type=Path)
        parser.add_argument("--rolls", action="store_true", help="Include the voter rolls, otherwise left out.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Write the backup."""
        return backup.backup(options["dir"].absolute(), rolls=options["rolls"])
