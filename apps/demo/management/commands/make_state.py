"""`make_state`: write the fictional state of Halden into a folder."""

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from apps.core.types import OptionValue
from apps.synthetic.roll import LAYOUTS, USUAL
from apps.synthetic.state import CannotMake, make_state


class Command(BaseCommand):
    """The same seed and day give the same bytes. Uses no database."""

    help = "Write a fictional state: boundaries, addresses, a voter roll, officials, elections, contact files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add folder, size and seed."""
        parser.add_argument("--out", required=True, type=Path, help="the folder to write; an earlier state is replaced")
        parser.add_argument("--voters", required=True, type=int, help="1,000 to 10,000,000")
        parser.add_argument("--seed", required=True, type=int, help="the same number gives the same bytes")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, default=None, help="the day all dates count from (today)"
        )
        parser.add_argument("--contacts", type=int, default=212, help="rows of the large contact file")
        parser.add_argument("--layouts", default=",".join(USUAL), help=f"roll layouts, by commas: {', '.join(LAYOUTS)}")
        parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")

    def handle(self, *_args: OptionValue, **options: OptionValue) -> None:
        """Write the state and report its contents."""
        start = time.perf_counter()
        try:
            with _Bar(options["voters"]) as bar:
                summary = make_state(
                    options["out"],
                    options["voters"],
                    options["seed"],
                    as_of=options["as_of"] or date.today(),  # noqa: DTZ011
                    contacts=options["contacts"],
                    layouts=tuple(options["layouts"].split(",")),
                    progress=bar.show,
                )
        except CannotMake as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"--out {options['out']} cannot be written: {error.strerror}.", returncode=2) from error
        report = {**asdict(summary), "seconds": round(time.perf_counter() - start, 2)}
        if options["json"]:
            self.stdout.write(json.dumps(report))
            return
        self.stdout.write(
            f"{summary.name} is in {options['out']}: {summary.voters} voters, {report['seconds']} seconds"
        )
        for name, rows in summary.rows.items():
            self.stdout.write(f"  {name}: {rows}")


class _Bar:
    """A bar on a terminal, a line every few seconds elsewhere, on standard error."""

    def __init__(self, voters: int) -> None:
        terminal = sys.stderr.isatty()
        self._bar = tqdm(
            total=voters, unit="voters", file=sys.stderr, mininterval=0.2 if terminal else 3, leave=terminal
        )

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def show(self, what: str, done: int, _total: int) -> None:
        """Move the bar; only voters take long enough to count."""
        self._bar.set_description(what)
        if what == "voters":
            self._bar.update(done - self._bar.n)
