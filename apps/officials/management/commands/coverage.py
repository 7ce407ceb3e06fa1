"""`coverage`: print what is loaded, and what a nationwide site still lacks."""

from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from apps.officials.coverage import coverage, missing_data


class Command(VotekinCommand):
    """Reports the layers in force and missing data."""

    help = "Print a table (Markdown) of the layers in force, and what is missing."

    def run(self, **_options: OptionValue) -> dict[str, Any]:
        """Return the layers in force and what is missing."""
        return {"layers": [vars(row) for row in coverage()], "missing": missing_data()}

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print a Markdown table."""
        if as_json:
            super().print_report(report, as_json=True)
            return
        self.stdout.write("| layer | vintage | file | divisions | states | with a holder | not in the list |")
        self.stdout.write("|---|---|---|---|---|---|---|")
        for row in report["layers"]:
            self.stdout.write("| " + " | ".join("" if value is None else str(value) for value in row.values()) + " |")
        for sentence in report["missing"]:
            self.stdout.write(f"missing: {sentence}")
