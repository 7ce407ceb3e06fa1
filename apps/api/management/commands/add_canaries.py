"""`add_canaries FILE`: register made-up people whose rows in a partner's list show a leak. Stores hashes of names."""

from argparse import ArgumentParser
from typing import Any

from apps.api.lists import review
from apps.audit import services as audit
from apps.core.commands import VotekinCommand, csv_rows
from apps.core.errors import BadInput
from apps.core.types import OptionValue
from apps.matching import TypedPerson


class Command(VotekinCommand):
    """Reads first_name and last_name. Delete the file afterwards: the names are worth nothing once they are known."""

    help = "Register canaries: a CSV with first_name and last_name of made-up people whom you put into other files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Read the whole file, then store it."""
        people = []
        for line, row in csv_rows(options["file"]):
            if not (row.get("first_name") and row.get("last_name")):
                raise BadInput(f"Line {line} of {options['file']} lacks first_name or last_name. Nothing was stored.")
            people.append(TypedPerson(first_name=row["first_name"], last_name=row["last_name"]))
        if not people:
            raise BadInput(f"{options['file']} contains no row with first_name and last_name.")
        added = review.add_canaries(people)
        audit.log_write(actor=None, action="canaries.added", subject="lists", facts={"rows": added})
        return {"read": len(people), "added": added}
