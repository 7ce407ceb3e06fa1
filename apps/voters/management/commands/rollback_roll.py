"""`rollback_roll --state XX`: the roll before the live one answers again."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand
from apps.matching.normalize.places import state as state_code
from apps.voters import snapshots


class Command(VotekinCommand):
    """Moves one pointer; takes effect with the next question."""

    help = "Let the roll before the live one answer again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--state; an empty one is the roll without a state."""
        parser.add_argument("--state", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        """Roll back and say what is live."""
        text = options["state"].strip()
        snapshot = snapshots.roll_back(state_code(text) if text else "")
        return {
            "state": snapshot.state,
            "live": snapshot.pk,
            "as_of": str(snapshot.as_of),
            "file": snapshot.file_name,
        }
