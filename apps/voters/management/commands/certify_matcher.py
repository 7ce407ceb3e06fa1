"""`certify_matcher [--state XX] [--people N] [--seed S]`: measure the matcher's false verifications on live rolls.

Samples voters, turns each into a query with typical errors, hides the voter's own record, and counts the queries that
are verified nevertheless.
"""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.matching.certificate import Certificate
from apps.matching.normalize.places import state as state_code
from apps.voters import snapshot_files
from apps.voters.certify import certify_snapshot


class Command(VotekinCommand):
    """Writes a certificate beside each live index; lookups use its thresholds immediately."""

    help = "Measure false verification on the live rolls, and set thresholds that keep it below its target."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --state, --people and --seed."""
        parser.add_argument("--state", default=None, help="Only this state; default: every live roll.")
        parser.add_argument("--people", type=int, default=0, help="Voters to sample; default: by the size of the roll.")
        parser.add_argument("--seed", type=int, default=1)

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Certify each roll; report by state and kind."""
        live = snapshot_files.live_snapshots()
        if options["state"] is not None:
            selected = state_code(options["state"])
            live = {state: snapshot for state, snapshot in live.items() if state == selected}
        if not live:
            raise Refused("No such roll is live. Load one with load_roll first.")
        report: dict[str, Any] = {}
        for state, snapshot in live.items():
            certificates = certify_snapshot(snapshot, people=options["people"], seed=options["seed"])
            report[state or "-"] = {kind: _as_dict(certificate) for kind, certificate in certificates.items()}
        return report


def _as_dict(certificate: Certificate) -> dict[str, Any]:
    return {
        "certified": certificate.certified,
        "people": certificate.people,
        "false": certificate.false,
        "upper": round(certificate.upper, 6),
        "target": certificate.target,
        "recall": round(certificate.recall, 4),
        "thresholds": {name: round(stratum.threshold, 4) for name, stratum in certificate.strata.items()},
    }
