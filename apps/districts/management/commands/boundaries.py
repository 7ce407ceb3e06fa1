"""`boundaries list | rollback | remove [--layer NAME --vintage NAME]`: list, roll back or remove loaded boundaries."""

from argparse import ArgumentParser
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from apps.districts.models import Vintage
from apps.districts.services import remove_boundaries, roll_back_boundaries


class Command(VotekinCommand):
    """Manages loaded boundaries."""

    help = "list: every vintage. rollback: make the previous load live. remove: delete a vintage and its loads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the action, --layer and --vintage."""
        parser.add_argument("action", choices=["list", "rollback", "remove"])
        parser.add_argument("--layer", default="", help="such as cd")
        parser.add_argument("--vintage", default="", help="the name of the vintage")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Roll back, remove or list vintages."""
        which = {"layer": options["layer"], "vintage": options["vintage"]}
        if options["action"] == "rollback":
            return which | {"live again": f"{roll_back_boundaries(**which).loaded_at:%Y-%m-%d %H:%M}"}
        if options["action"] == "remove":
            remove_boundaries(**which)
            return which | {"removed": True}
        return {str(row): _facts(row) for row in Vintage.objects.live()}


def _facts(row: Vintage) -> str:
    days = f"{row.valid_from or '...'} to {row.valid_to or '...'}"
    return f"{row.divisions} divisions, {days}, {row.source}, loaded {row.loaded_at:%Y-%m-%d}"
