"""The base of every command: migrates an empty DATA_DIR, ends with 0, 1 or 2, reports on standard output.

0: something was loaded or answered. 1: the data or the state did not allow it, nothing changed. 2: arguments, an
unreadable file, a setting. Progress goes to standard error, as a bar on a terminal or a line every few seconds.
"""

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

from .errors import BadInput, VotekinError

T = TypeVar("T")
LINE_EVERY_SECONDS = 3
DJANGO_OPTIONS = frozenset("settings pythonpath traceback no_color force_color skip_checks verbosity".split())


class VotekinCommand(BaseCommand):
    """Write `run(**options)`; return a dict and it is printed, as one JSON object with `--json`."""

    requires_system_checks = ["database"]
    requires_database = True

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Add `--json` to every command."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("--json", action="store_true", help="Print one JSON object as the last line.")
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Commands add their own."""

    def run(self, **options: Any) -> dict[str, Any] | None:
        """Do the work; return the report."""
        raise NotImplementedError

    def handle(self, *_args: Any, **options: Any) -> None:
        """Turn our errors into the promised exit statuses."""
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
        """Print a report: a line a figure, or one JSON object."""
        if as_json:
            self.stdout.write(json.dumps(report, default=str, ensure_ascii=False))
            return
        for key, value in report.items():
            self.stdout.write(f"{key.replace('_', ' ')}: {_plain(value)}")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {count}" for key, count in value.items()) or "none"
    if isinstance(value, float):
        return f"{value:.2f}"
    return "none" if value in (None, [], "") else str(value)


def migrate_if_empty() -> None:
    """Make the tables of an installation that has none."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if "django_migrations" not in tables:
        call_command("migrate", verbosity=0, interactive=False)


def readable_file(path: str) -> Path:
    """Return the path of a file that can be read; BadInput names it otherwise."""
    file = Path(path)
    try:
        with file.open("rb"):
            return file
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error


@contextmanager
def written_beside(path: str) -> Iterator[Path]:
    """Yield a path beside `path`; it takes the real name only if the block ends well."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.part")
    try:
        yield draft
        draft.replace(target)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def progress(items: Iterable[T], *, label: str, total: int | None = None, unit: str = "rows") -> Iterator[T]:
    """Yield the items and show how far they are, on standard error."""
    with bar(label=label, total=total, unit=unit) as shown:
        for item in items:
            yield item
            shown.update()


def bar(*, label: str, total: int | None = None, unit: str = "rows") -> "tqdm[Any]":
    """Return a bar for a terminal, or a line every few seconds elsewhere."""
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
