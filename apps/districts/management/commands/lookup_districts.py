"""`lookup_districts --input CSV --output CSV [--on DATE]`: points to OCD ids, a column a layer."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.districts.batch import lookup_file
from apps.districts.command_options import day_option


class Command(VotekinCommand):
    """Look up points."""

    help = "Look up the districts of points: a CSV file with id, lon and lat becomes one with id and the layers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two files and the day."""
        parser.add_argument("--input", required=True)
        parser.add_argument("--output", required=True)
        parser.add_argument("--on", help="the day whose lines count, YYYY-MM-DD (default: today)")

    def run(self, **options: Any) -> dict[str, Any]:
        """Look up every row."""
        start = time.monotonic()
        counts = lookup_file(
            source=readable_file(options["input"]), target=options["output"], on=day_option(options["on"], "--on")
        )
        return counts | {"seconds": round(time.monotonic() - start, 2)}
