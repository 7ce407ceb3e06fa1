"""`load_officials FILE`: load office holders in the formats of Open States and congress-legislators."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.core.types import OptionValue
from apps.districts.command_options import date_option
from apps.officials.services import load_officials


class Command(VotekinCommand):
    """Loads one file; its format is detected by its content."""

    help = "Load office holders from a .jsonl, .jsonl.gz or .json file; its format is detected by its content."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE and --as-of."""
        parser.add_argument("file")
        parser.add_argument("--as-of", help="the date of the data, YYYY-MM-DD (default: the file's modification date)")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load the file; report loaded and skipped records."""
        start = time.monotonic()
        counts = load_officials(path=readable_file(options["file"]), as_of=date_option(options["as_of"], "--as-of"))
        return counts | {"seconds": round(time.monotonic() - start, 2)}
