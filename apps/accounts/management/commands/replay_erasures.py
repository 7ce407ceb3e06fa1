"""Erase again who was erased before a backup was restored."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from apps.accounts import tombstones
from apps.accounts.services import erase_now
from apps.core.commands import VotekinCommand


class Command(VotekinCommand):
    """`restore` runs it; by hand with --from, where the tombstones lie in an old DATA_DIR or on another machine."""

    help = "Erase accounts that a restored backup brought back, by the tombstones under DATA_DIR/erasures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --from and --dry-run."""
        parser.add_argument("--from", dest="folder", help="Add the tombstones of this folder first.")
        parser.add_argument("--dry-run", action="store_true", help="Only count them.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Erase."""
        brought = tombstones.bring(Path(options["folder"])) if options["folder"] else 0
        members = tombstones.risen()
        if not options["dry_run"]:
            for member in members:
                erase_now(member)
        return {"brought": brought, "found": len(members), "erased": 0 if options["dry_run"] else len(members)}
