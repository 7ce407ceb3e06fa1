"""`suppress_people FILE`: people whom nobody may find, from an operator's own file. Its use is logged."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, Final

from apps.audit import services as audit
from apps.core.commands import VotekinCommand, readable_file
from apps.core.errors import BadInput, Refused
from apps.verification import suppression_requests
from apps.verification.query import Typed
from apps.voters import suppression
from apps.voters.models import Suppression

FIELDS: Final = ("first_name", "middle_name", "last_name", "dob", "address", "city", "zip")
AT_ONCE: Final = 1_000
Voter = tuple[str, str]


class Command(VotekinCommand):
    """By state and voter id at once; by name, birth date and address as soon as a roll has such a person."""

    help = "Protect people: a CSV with state and voter_id, or with names, dob, address, city and zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --lift."""
        parser.add_argument("file")
        parser.add_argument("--lift", action="store_true", help="Take voters off the list; the next load has them.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Read all, then write; report what could not be read."""
        voters, people, bad = _read(options["file"])
        if not voters and not people:
            first = f" Line {bad[0]['line']}: {bad[0]['reason']}" if bad else ""
            raise Refused(f"{options['file']} names nobody.{first}")
        lift = options["lift"]
        action = "voters.protection_lifted" if lift else "voters.protected"
        audit.log_write(actor=None, action=action, subject="rolls", facts={"rows": len(voters) + len(people)})
        if lift:
            return {"read": len(voters) + len(people), "lifted": suppression.lift_many(voters=voters), "bad": bad}
        for at in range(0, len(voters), AT_ONCE):
            suppression.suppress_many(voters=voters[at : at + AT_ONCE], by=Suppression.By.OPERATOR)
        for typed in people:
            suppression_requests.keep(typed=typed, by=Suppression.By.OPERATOR)
        return {"read": len(voters) + len(people), "protected": len(voters), "looked_for": len(people), "bad": bad}


def _read(name: str) -> tuple[list[Voter], list[Typed], list[dict[str, Any]]]:
    voters: list[Voter] = []
    people: list[Typed] = []
    bad: list[dict[str, Any]] = []
    for line, row in _rows(name):
        if row.get("voter_id"):
            voters.append((row.get("state", ""), row["voter_id"]))
        elif row.get("first_name") and row.get("last_name") and row.get("dob"):
            people.append(Typed(**{field: row.get(field, "") for field in FIELDS}))
        else:
            bad.append({"line": line, "reason": "give voter_id, or first_name, last_name and dob"})
    return voters, people, bad


def _rows(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with readable_file(name).open(encoding="utf-8-sig", newline="") as file:
            for row in (reader := csv.DictReader(file)):
                cells = {k.strip().lower(): v.strip() for k, v in row.items() if isinstance(k, str) and v}
                if cells:
                    yield reader.line_num, cells
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{name} cannot be read as CSV in UTF-8. Save it so, as spreadsheets offer.") from error
