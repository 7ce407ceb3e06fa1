"""`check_layout FILE`: what a file is, and what changed against its layout and the last load, in plain words."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.voters import inspect as file_inspection


class Command(VotekinCommand):
    """Reads the beginning of a file; changes nothing."""

    help = "Say in plain words what a voter file is and what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --layout."""
        parser.add_argument("file")
        parser.add_argument("--layout", default="", help="Compare with this layout instead of the best one.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Return the sentences."""
        words = file_inspection.describe_file(readable_file(options["file"]), options["layout"])
        return {"file": options["file"], "words": words}

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print the sentences one by one: they are for people."""
        if as_json:
            super().print_report(report, as_json=True)
            return
        for sentence in report["words"]:
            self.stdout.write(sentence)
