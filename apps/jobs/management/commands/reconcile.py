"""Return jobs that crashes lost."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from apps.jobs.reconcile import reconcile


class Command(VotekinCommand):
    """The scheduler does the same every ten seconds."""

    help = "Publish lost jobs again; with --dry-run only count them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --dry-run."""
        parser.add_argument("--dry-run", action="store_true")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Reconcile once."""
        return dict(reconcile(dry_run=options["dry_run"]))
