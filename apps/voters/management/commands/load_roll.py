"""`load_roll FILE… --layout NAME`: replaces the live roll of the states in the file."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.utils import timezone
from tqdm import tqdm

from apps.core.commands import LINE_EVERY_SECONDS, VotekinCommand, readable_file
from apps.core.errors import BadInput
from apps.matching.normalize.places import state as state_code
from apps.voters.layout import load_layout, with_column_map
from apps.voters.loading.load import DriftRefused, LoadRequest, load


class Command(VotekinCommand):
    """Loads beside the live roll, checks what changed, swaps in one step."""

    help = "Load a voter file; the live roll of its states is replaced when all is well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --layout, --map, --state, --as-of, --accept."""
        parser.add_argument("file", nargs="+", help="All files of the roll, where it comes in several.")
        parser.add_argument("--layout", required=True)
        parser.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN",
            help="Read a field, the status or a district from this column; may be given many times.",
        )  # fmt: skip
        parser.add_argument("--state", default="", help="For rows that name no state themselves.")
        parser.add_argument("--as-of", default="", help="The roll's date, YYYY-MM-DD; today if not given.")
        parser.add_argument("--accept", default="", metavar="REASON", help="Go live in spite of what changed.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Load and report."""
        first, *more = [readable_file(name) for name in options["file"]]
        request = LoadRequest(
            path=first,
            more=more,
            layout=with_column_map(load_layout(options["layout"]), _pairs(options["map"])),
            state=_state(options["state"]),
            as_of=_day(options["as_of"]),
            accept=options["accept"].strip(),
        )
        terminal = sys.stderr.isatty()
        with tqdm(
            desc="rows", unit="", unit_scale=True, file=sys.stderr, ascii=not terminal,
            mininterval=0.2 if terminal else LINE_EVERY_SECONDS,
        ) as bar:  # fmt: skip
            try:
                report = load(request, watch=bar.update)
            except DriftRefused as error:
                bar.close()
                self._tell(error.report.drift)
                raise
        self._tell(report.drift)
        if use := request.layout.permitted_use:
            self.stdout.write(f"Permitted use of this source: {use}.")
        for note in report.notes:
            self.stdout.write(note)
        return report.as_dict()

    def _tell(self, drift: dict[str, dict[str, Any]]) -> None:
        for state, found in drift.items():
            for line in (*found["beyond"], *found["notes"]):
                self.stdout.write(f"{state + ': ' if state else ''}{line}")


def _state(text: str) -> str:
    code = state_code(text) if text else ""
    if text and not (code.isalnum() and len(code) <= 3):
        raise BadInput(f"--state {text!r} is no code of a state; write two letters, like NC.")
    return code


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = {}
    for text in given:
        name, sign, column = text.partition("=")
        if not sign or not column.strip():
            raise BadInput(f"--map {text!r} is not FIELD=COLUMN, like last_name=Surname.")
        pairs[name.strip()] = column.strip()
    return pairs


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"--as-of {text!r} is no date; write YYYY-MM-DD.") from error
    if day > timezone.localdate():
        raise BadInput(f"--as-of {text} lies in the future.")
    return day
