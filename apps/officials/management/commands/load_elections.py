"""`load_elections FILE`: load elections with their deadlines from CSV or JSON."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.core.types import OptionValue
from apps.officials.elections import load_elections


class Command(VotekinCommand):
    """Loads the whole file or nothing."""

    help = "Load elections and deadlines from a CSV file or a JSON list. Elections edited by staff are left unchanged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE."""
        parser.add_argument("file")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load the file; report the counts."""
        return load_elections(path=readable_file(options["file"]))
