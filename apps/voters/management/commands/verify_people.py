"""`verify_people --input CSV --output CSV`: match a CSV of people to the live rolls. Its use is logged."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.audit import services as audit
from apps.core.commands import VotekinCommand, readable_file
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.voters import snapshot_files
from apps.voters.bulk_verification import verify_file
from apps.voters.certify import is_certified


class Command(VotekinCommand):
    """Matches every row in order, or refuses the file before any output; resumes the output of a killed run."""

    help = "Match a CSV of people to the live rolls."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --input, --output and --kind."""
        parser.add_argument("--input", required=True)
        parser.add_argument("--output", required=True)
        parser.add_argument("--kind", choices=("form", "contact"), default="form")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Log the use, match, and report."""
        source = readable_file(options["input"])
        live = snapshot_files.live_snapshots()
        if not live:
            raise Refused("No roll is live. Load one with load_roll first.")
        audit.log_write(
            actor=None,
            action="voters.verify_people",
            subject="rolls",
            facts={"kind": options["kind"], "snapshots": len(live)},
        )
        began = time.monotonic()
        counts, resumed = verify_file(source, options["output"], options["kind"])
        seconds = round(time.monotonic() - began, 2)
        return {**counts, "answered_before": resumed, "seconds": seconds, "certified": is_certified(options["kind"])}
