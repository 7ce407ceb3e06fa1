"""`load_officials FILE`: office holders, in the forms of Open States people and of congress-legislators."""

import time
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.districts.command_options import day_option
from apps.officials.services import load_officials


class Command(VotekinCommand):
    """Load officials."""

    help = "Load office holders from a .jsonl, .jsonl.gz or .json file; its form is recognised by its content."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the day on which it was true."""
        parser.add_argument("file")
        parser.add_argument("--as-of", help="the day the file was true, YYYY-MM-DD (default: the file's own date)")

    def run(self, **options: Any) -> dict[str, Any]:
        """Load, and count what was left out."""
        start = time.monotonic()
        counts = load_officials(path=readable_file(options["file"]), as_of=day_option(options["as_of"], "--as-of"))
        return counts | {"seconds": round(time.monotonic() - start, 2)}
