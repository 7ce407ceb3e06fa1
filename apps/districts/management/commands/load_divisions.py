"""`load_divisions FILE …`: the published list of OCD ids, to count boundary files against and to know names by."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand, readable_file
from apps.districts.ocd_list import load_divisions


class Command(VotekinCommand):
    """Load the list of ids."""

    help = "Load the list of Open Civic Data ids (CSV, packed or not) and, with it, files of aliases (id, sameAs)."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files; together they are the list."""
        parser.add_argument("files", nargs="+")

    def run(self, **options: Any) -> dict[str, Any]:
        """Load all of it or nothing."""
        return dict(load_divisions([readable_file(each) for each in options["files"]]))
