"""Erase accounts again that a restored backup brought back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from apps.accounts import tombstones
from apps.accounts.services import erase_now
from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue


class Command(VotekinCommand):
    """`restore` runs this. Use --from when the tombstones are in an old DATA_DIR or on another machine."""

    help = "Erase accounts that a restored backup brought back, according to the tombstones under DATA_DIR/erasures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --from and --dry-run."""
        parser.add_argument("--from", dest="folder", help="Add the tombstones of this folder first.")
        parser.add_argument("--dry-run", action="store_true", help="Only count them.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Erase the accounts."""
        brought = tombstones.add_from(Path(options["folder"])) if options["folder"] else 0
        members = tombstones.restored_accounts()
        if not options["dry_run"]:
            for member in members:
                erase_now(member)
        return {"brought": brought, "found": len(members), "erased": 0 if options["dry_run"] else len(members)}
