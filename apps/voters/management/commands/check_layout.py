"""`check_layout FILE`: describe a voter file and its changes against its layout and the last load."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.core.types import OptionValue
from apps.voters import inspect as file_inspection


class Command(VotekinCommand):
    """Reads the beginning of a file; changes nothing."""

    help = "Describe a voter file in plain language, and what changed since the last load."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE and --layout."""
        parser.add_argument("file")
        parser.add_argument("--layout", default="", help="Compare with this layout instead of the best match.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Return the sentences."""
        words = file_inspection.describe_file(readable_file(options["file"]), options["layout"])
        return {"file": options["file"], "words": words}

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print a sentence per line, or JSON."""
        if as_json:
            super().print_report(report, as_json=True)
            return
        for sentence in report["words"]:
            self.stdout.write(sentence)
