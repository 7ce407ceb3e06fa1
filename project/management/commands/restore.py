"""`restore DIR --identity FILE`: restore a backup of an installation on SQLite."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from project import restore


class Command(VotekinCommand):
    """A backup never contains keys; see docs/operations.md."""

    help = "Restore a backup into an empty DATA_DIR. All sessions end, and erasures are applied again."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder and --identity."""
        parser.add_argument("dir", type=Path)
        parser.add_argument("--identity", type=Path, help="The file with the private half of BACKUP_RECIPIENTS.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Restore the backup."""
        return restore.restore(options["dir"].absolute(), options["identity"])
