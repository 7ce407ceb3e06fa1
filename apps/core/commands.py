"""The base class of management commands: migrates an empty DATA_DIR, maps errors to exit statuses, prints the report.

Exit status 0: something was loaded or answered. 1: the data or the state did not allow it; nothing was changed.
2: wrong arguments, an unreadable file, a wrong setting. The report goes to standard output. Progress goes to standard
error: a bar on a terminal, a line every few seconds elsewhere.
"""

import csv
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from apps.core.types import OptionValue, PassedThrough

from .errors import BadInput, VotekinError

T = TypeVar("T")
LINE_EVERY_SECONDS = 3
DJANGO_OPTIONS = frozenset("settings pythonpath traceback no_color force_color skip_checks verbosity".split())


class VotekinCommand(BaseCommand):
    """Subclasses implement `run(**options)` and return a report, printed line by line or as JSON with `--json`."""

    requires_system_checks = ["database"]
    requires_database = True

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: PassedThrough) -> Any:
        """Return the parser with `--json` added."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("--json", action="store_true", help="Print one JSON object as the last line.")
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments of the command."""

    def run(self, **options: OptionValue) -> dict[str, Any] | None:
        """Run the command; return the report, or None for no report."""
        raise NotImplementedError

    def handle(self, *_args: OptionValue, **options: OptionValue) -> None:
        """Run the command, and turn BadInput into exit status 2 and other VotekinErrors into 1."""
        as_json = bool(options.pop("json", False))
        options = {name: value for name, value in options.items() if name not in DJANGO_OPTIONS}
        try:
            if self.requires_database:
                migrate_if_empty()
            report = self.run(**options)
        except BadInput as error:
            raise CommandError(str(error), returncode=2) from error
        except VotekinError as error:
            raise CommandError(str(error), returncode=1) from error
        if report is not None:
            self.print_report(report, as_json=as_json)

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print a report: one line per value, or one JSON object."""
        if as_json:
            self.stdout.write(json.dumps(report, default=str, ensure_ascii=False))
            return
        for key, value in report.items():
            self.stdout.write(f"{key.replace('_', ' ')}: {_as_text(value)}")


def _as_text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {count}" for key, count in value.items()) or "none"
    if isinstance(value, float):
        return f"{value:.2f}"
    return "none" if value in (None, [], "") else str(value)


def migrate_if_empty() -> None:
    """Create the tables if the database has none."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if "django_migrations" not in tables:
        call_command("migrate", verbosity=0, interactive=False)


def readable_file(path: str) -> Path:
    """Return the path of a readable file; raise BadInput, which names it, otherwise."""
    file = Path(path)
    try:
        with file.open("rb"):
            return file
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error


@contextmanager
def atomic_output(path: str) -> Iterator[Path]:
    """Yield a temporary path next to `path`, and rename it to `path` when the block succeeds.

    Raises BadInput if the file cannot be written.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.part")
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def progress(items: Iterable[T], *, label: str, total: int | None = None, unit: str = "rows") -> Iterator[T]:
    """Yield the items and show progress on standard error."""
    with progress_bar(label=label, total=total, unit=unit) as bar:
        for item in items:
            yield item
            bar.update()


def progress_bar(*, label: str, total: int | None = None, unit: str = "rows") -> "tqdm[Any]":
    """Return a progress bar; where standard error is no terminal it prints a line every few seconds."""
    terminal = sys.stderr.isatty()
    return tqdm(
        desc=label,
        total=total,
        unit=unit,
        file=sys.stderr,
        mininterval=0.2 if terminal else LINE_EVERY_SECONDS,
        ascii=not terminal,
        leave=terminal,
    )


def csv_rows(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and filled cells by lowercase column; raise BadInput if the file is no CSV."""
    try:
        with readable_file(name).open(encoding="utf-8-sig", newline="") as file:
            for row in (reader := csv.DictReader(file)):
                cells = {
                    key.strip().lower(): value.strip() for key, value in row.items() if isinstance(key, str) and value
                }
                if cells:
                    yield reader.line_num, cells
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{name} is not CSV in UTF-8. Export it again as CSV UTF-8.") from error
