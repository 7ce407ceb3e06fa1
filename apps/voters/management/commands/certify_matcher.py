"""`certify_matcher [--state XX] [--people N] [--seed S]`: show on the live rolls how often the matcher is wrong.

It draws voters, types them as people type, hides each one's own record, and counts who is verified all the same.
"""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.matching.certificate import Certificate
from apps.matching.normalize.places import state as state_code
from apps.voters import snapshot_files
from apps.voters.certify import certify_snapshot


class Command(VotekinCommand):
    """Writes a certificate beside each live index; look-ups use its thresholds from then on."""

    help = "Measure false verification on the live rolls, and set thresholds that keep it below its target."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--state, --people, --seed."""
        parser.add_argument("--state", default=None, help="Only this state; default: every live roll.")
        parser.add_argument("--people", type=int, default=0, help="Voters to draw; default: as many as it takes.")
        parser.add_argument("--seed", type=int, default=1)

    def run(self, **options: Any) -> dict[str, Any]:
        """Certify, report per state and kind."""
        live = snapshot_files.live_snapshots()
        if options["state"] is not None:
            wanted = state_code(options["state"])
            live = {state: snapshot for state, snapshot in live.items() if state == wanted}
        if not live:
            raise Refused("No such roll is live. Load one with load_roll first.")
        report: dict[str, Any] = {}
        for state, snapshot in live.items():
            made = certify_snapshot(snapshot, people=options["people"], seed=options["seed"])
            report[state or "-"] = {kind: _told(one) for kind, one in made.items()}
        return report


def _told(one: Certificate) -> dict[str, Any]:
    return {
        "certified": one.certified,
        "people": one.people,
        "false": one.false,
        "upper": round(one.upper, 6),
        "target": one.target,
        "recall": round(one.recall, 4),
        "thresholds": {name: round(stratum.threshold, 4) for name, stratum in one.strata.items()},
    }
