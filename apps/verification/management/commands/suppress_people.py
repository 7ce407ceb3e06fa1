"""Command that suppresses the people in an operator's file. Its use is logged."""

from argparse import ArgumentParser
from typing import Any, Final

from apps.audit import services as audit
from apps.core.commands import VotekinCommand, csv_rows
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.verification import suppression_requests
from apps.verification.query import VoterQuery
from apps.voters import suppression
from apps.voters.models import Suppression

FIELDS: Final = ("first_name", "middle_name", "last_name", "dob", "address", "city", "zip")
BATCH: Final = 1_000
VoterId = tuple[str, str]


class Command(VotekinCommand):
    """Suppress by state and voter id at once; by name, birth date and address when a roll lists the person."""

    help = "Suppress people: a CSV with state and voter_id, or with names, dob, address, city and zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and --lift."""
        parser.add_argument("file")
        parser.add_argument("--lift", action="store_true", help="End the suppression of voters, as of the next load.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Read the whole file, then write; report unreadable rows."""
        voters, people, bad = _read_people(options["file"])
        if not voters and not people:
            first = f" Line {bad[0]['line']}: {bad[0]['reason']}" if bad else ""
            raise Refused(f"{options['file']} contains no usable row.{first}")
        lift = options["lift"]
        action = "voters.protection_lifted" if lift else "voters.protected"
        audit.log_write(actor=None, action=action, subject="rolls", facts={"rows": len(voters) + len(people)})
        if lift:
            return {"read": len(voters) + len(people), "lifted": suppression.lift_many(voters=voters), "bad": bad}
        for start in range(0, len(voters), BATCH):
            suppression.suppress_many(voters=voters[start : start + BATCH], by=Suppression.By.OPERATOR)
        for query in people:
            suppression_requests.save_request(query=query, by=Suppression.By.OPERATOR)
        return {"read": len(voters) + len(people), "protected": len(voters), "looked_for": len(people), "bad": bad}


def _read_people(name: str) -> tuple[list[VoterId], list[VoterQuery], list[dict[str, Any]]]:
    voters: list[VoterId] = []
    people: list[VoterQuery] = []
    bad: list[dict[str, Any]] = []
    for line, row in csv_rows(name):
        if row.get("voter_id"):
            voters.append((row.get("state", ""), row["voter_id"]))
        elif row.get("first_name") and row.get("last_name") and row.get("dob"):
            people.append(VoterQuery(**{field: row.get(field, "") for field in FIELDS}))
        else:
            bad.append({"line": line, "reason": "Add voter_id, or first_name, last_name and dob."})
    return voters, people, bad
