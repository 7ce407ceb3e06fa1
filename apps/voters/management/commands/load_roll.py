"""`load_roll FILE… --layout NAME`: replace the live roll of the states in the file."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any, get_args

from django.utils import timezone
from tqdm import tqdm

from apps.core.commands import LINE_EVERY_SECONDS, VotekinCommand, readable_file
from apps.core.errors import BadInput
from apps.core.types import OptionValue
from apps.matching.normalize.places import state as state_code
from apps.voters.layout import DateForm, Layout, load_layout, with_column_map
from apps.voters.loading.load import DriftRefused, LoadRequest, load


class Command(VotekinCommand):
    """Loads beside the live roll, checks the drift, and swaps atomically."""

    help = "Load a voter file, and replace the live roll of its states if the checks pass."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE, --layout, --map, --dates, --state, --as-of and --accept."""
        parser.add_argument("file", nargs="+", help="All files of the roll, if it has several.")
        parser.add_argument("--layout", required=True)
        parser.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN",
            help="Read a field, the status or a district from this column; repeatable.",
        )  # fmt: skip
        parser.add_argument(
            "--dates", default="", choices=get_args(DateForm), metavar="FORMAT",
            help="How the file writes birth dates, like DD/MM/YYYY; the whole column shows it if not given.",
        )  # fmt: skip
        parser.add_argument("--state", default="", help="For rows without a state column.")
        parser.add_argument("--as-of", default="", help="The roll's date, YYYY-MM-DD; today if not given.")
        parser.add_argument("--accept", default="", metavar="REASON", help="Go live despite the drift.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load and report."""
        first, *more = [readable_file(name) for name in options["file"]]
        request = LoadRequest(
            path=first,
            more=more,
            layout=_layout(options["layout"], options["map"], options["dates"]),
            state=_parse_state(options["state"]),
            as_of=_parse_date(options["as_of"]),
            accept=options["accept"].strip(),
        )
        terminal = sys.stderr.isatty()
        with tqdm(
            desc="rows", unit="", unit_scale=True, file=sys.stderr, ascii=not terminal,
            mininterval=0.2 if terminal else LINE_EVERY_SECONDS,
        ) as bar:  # fmt: skip
            try:
                report = load(request, progress=bar.update)
            except DriftRefused as error:
                bar.close()
                self._print_drift(error.report.drift)
                raise
        self._print_drift(report.drift)
        if use := request.layout.permitted_use:
            self.stdout.write(f"Permitted use of this source: {use}.")
        for note in report.notes:
            self.stdout.write(note)
        return report.as_dict()

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print the report; as text without the counts of dates, which the notes say as sentences."""
        super().print_report(report if as_json else {k: v for k, v in report.items() if k != "dates"}, as_json=as_json)

    def _print_drift(self, drift: dict[str, dict[str, Any]]) -> None:
        for state, report in drift.items():
            for line in (*report["beyond"], *report["notes"]):
                self.stdout.write(f"{state + ': ' if state else ''}{line}")


def _layout(name: str, column_map: list[str], date_format: str) -> Layout:
    layout = with_column_map(load_layout(name), _parse_column_map(column_map))
    return layout.model_copy(update={"dates": [date_format]}) if date_format else layout


def _parse_state(text: str) -> str:
    code = state_code(text) if text else ""
    if text and not (code.isalnum() and len(code) <= 3):
        raise BadInput(f"--state {text!r} is not a state code; write two letters, like NC.")
    return code


def _parse_column_map(arguments: list[str]) -> dict[str, str]:
    pairs = {}
    for text in arguments:
        name, sign, column = text.partition("=")
        if not sign or not column.strip():
            raise BadInput(f"--map {text!r} is not FIELD=COLUMN, like last_name=Surname.")
        pairs[name.strip()] = column.strip()
    return pairs


def _parse_date(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"--as-of {text!r} is not a date; write YYYY-MM-DD.") from error
    if day > timezone.localdate():
        raise BadInput(f"--as-of {text} is in the future.")
    return day
