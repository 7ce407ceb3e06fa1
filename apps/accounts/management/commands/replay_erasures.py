"""Erase again who was erased before a backup was restored."""

from argparse import ArgumentParser
from typing import Any

from apps.accounts import erasures
from apps.accounts.services import erase_now
from apps.core.commands import HouseCommand


class Command(HouseCommand):
    """Run it after each restore, before the site is opened."""

    help = "Erase accounts that a restored backup brought back, by the tombstones under DATA_DIR/erasures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="Only count them.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Erase."""
        members = erasures.risen()
        if not options["dry_run"]:
            for member in members:
                erase_now(member)
        return {"found": len(members), "erased": 0 if options["dry_run"] else len(members)}
