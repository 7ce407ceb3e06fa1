"""`lookup_districts --input CSV --output CSV [--on DATE]`: look up the OCD ids of points, with a column per layer."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.core.types import OptionValue
from apps.districts.batch import lookup_file
from apps.districts.command_options import date_option


class Command(VotekinCommand):
    """Looks up a CSV file of points."""

    help = "Look up the districts of points: a CSV file with id, lon and lat to one with id and the layers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --input, --output and --on."""
        parser.add_argument("--input", required=True)
        parser.add_argument("--output", required=True)
        parser.add_argument("--on", help="the date whose boundaries apply, YYYY-MM-DD (default: today)")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Look up every row; report the counts."""
        start = time.monotonic()
        counts = lookup_file(
            source=readable_file(options["input"]), target=options["output"], on=date_option(options["on"], "--on")
        )
        return counts | {"seconds": round(time.monotonic() - start, 2)}
