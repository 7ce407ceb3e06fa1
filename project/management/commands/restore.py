"""`restore DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from apps.core.commands import VotekinCommand
from project import backup


class Command(VotekinCommand):
    """The keys are never part of a backup; see docs/operations.md."""

    help = "Bring a backup into an empty DATA_DIR."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("dir", type=Path)

    def run(self, **options: Any) -> dict[str, Any]:
        """Do it."""
        return backup.restore(options["dir"].absolute())
