"""`load_elections FILE`: elections with their deadlines, from CSV or JSON."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.officials.elections import load_elections


class Command(VotekinCommand):
    """Load elections."""

    help = "Load elections and deadlines from a CSV file or a JSON list. What staff edited here stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file")

    def run(self, **options: Any) -> dict[str, Any]:
        """Load all of it or nothing."""
        return load_elections(path=readable_file(options["file"]))
