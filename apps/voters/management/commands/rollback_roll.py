"""`rollback_roll --state XX`: make the previous roll of a state live again."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from apps.matching.normalize.places import state as state_code
from apps.voters import snapshots


class Command(VotekinCommand):
    """Updates one row; takes effect with the next lookup."""

    help = "Make the previous roll of a state live again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --state; an empty value means the roll without a state."""
        parser.add_argument("--state", required=True)

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Roll back; report the live snapshot."""
        text = options["state"].strip()
        snapshot = snapshots.roll_back(state_code(text) if text else "")
        return {
            "state": snapshot.state,
            "live": snapshot.pk,
            "as_of": str(snapshot.as_of),
            "file": snapshot.file_name,
        }
