"""`backup DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from apps.core.commands import VotekinCommand
from project import backup


class Command(VotekinCommand):
    """The keys are never part of a backup; see docs/operations.md."""

    help = "Write all that holds truth into a new folder, while the installation runs."
    requires_database = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("dir", type=Path)

    def run(self, **options: Any) -> dict[str, Any]:
        """Do it."""
        return backup.backup(options["dir"].absolute())
