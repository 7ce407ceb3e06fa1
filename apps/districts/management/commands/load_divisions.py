"""`load_divisions FILE …`: load the published list of OCD ids, for names and for checks of boundary files."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.core.types import OptionValue
from apps.districts.ocd_list import load_divisions


class Command(VotekinCommand):
    """Replaces the list by the contents of all files, or changes nothing."""

    help = "Load the list of Open Civic Data ids (CSV, plain or gzip), including files of aliases (id, sameAs)."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the files."""
        parser.add_argument("files", nargs="+")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Load the files; report the counts."""
        return dict(load_divisions([readable_file(name) for name in options["files"]]))
