"""Command that imports a contact file for a member and waits for the end."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from tqdm import tqdm

from apps.audit import services as audit
from apps.contacts.cli import member_by_email
from apps.contacts.imports import previews
from apps.contacts.models import Contact, Import
from apps.contacts.parsing import TableChoices
from apps.contacts.parsing.birth_years import ORDERS
from apps.contacts.parsing.headers import MAPPABLE_FIELDS, header_meanings
from apps.core.commands import VotekinCommand, readable_file
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.jobs import heartbeats, jobs, task_names
from apps.jobs.models import Job

POLL_SECONDS = 0.2


class Command(VotekinCommand):
    """Run `import_contacts FILE --owner EMAIL [--columns …] [--header | --no-header] [--date-order …]`."""

    help = "Import a contact file (CSV or vCard) for a member; waits for the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare file and owner."""
        parser.add_argument("file")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="Email address of the member.")
        parser.add_argument(
            "--columns",
            default="",
            metavar="FIELDS",
            help="What the columns are, from the left: first,last,email,-,phone. A dash leaves a column out.",
        )
        header = parser.add_mutually_exclusive_group()
        header.add_argument("--header", action="store_true", default=None, dest="has_header", help="Row 1 is a header.")
        header.add_argument("--no-header", action="store_false", default=None, dest="has_header",
                            help="Row 1 is a person.")  # fmt: skip
        parser.add_argument(
            "--date-order", choices=sorted(ORDERS), default="", help="What comes first in birth dates of digits."
        )

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Preview and confirm, then run the jobs here or wait for the worker."""
        owner = member_by_email(options["owner"])
        file = readable_file(options["file"])
        has_header = options["has_header"]
        choices = TableChoices(
            read_columns(str(options["columns"])),
            has_header if isinstance(has_header, bool) else None,
            str(options["date_order"]),
        )
        with file.open("rb") as stream:
            draft = previews.start_file(
                owner=owner, stream=stream, file_name=file.name, by_operator=True, choices=choices
            )
        facts, bad = previews.preview_facts(draft), previews.bad_rows(draft)
        if problem := _problem(facts):
            previews.discard(draft=draft)
            raise Refused(problem)
        if not facts["has_header"]:
            self.stderr.write(_describe_guess(facts))
        audit.log_write(actor=None, action="contacts.imported", subject=owner, facts={"import_id": draft.pk})
        finished = self._finish(draft)
        if finished.state != Import.State.DONE:
            raise Refused(f"The import ended as {finished.state}. See `deadletters list`.")
        return report(finished, facts, bad)

    def _finish(self, draft: Import) -> Import:
        if not draft.total:
            previews.end_empty(draft=draft)
            draft.refresh_from_db()
            return draft
        previews.confirm(draft=draft)
        with tqdm(total=draft.total, unit="people", file=sys.stderr, disable=None) as bar:
            while draft.state in {Import.State.WAITING, Import.State.RUNNING}:
                if heartbeats.is_alive("worker") or not jobs.drain(only=lambda job: _is_of(job, draft.pk)):
                    time.sleep(POLL_SECONDS)
                draft.refresh_from_db()
                bar.update(draft.done - bar.n)
        return draft


def _is_of(job: Job, import_id: int) -> bool:
    return job.task == task_names.IMPORT_CHUNK and int(job.args["import_id"]) == import_id


def read_columns(text: str) -> dict[int, str]:
    """Return the fields of `--columns` by column number; raise Refused for a field that does not exist."""
    fields: dict[int, str] = {}
    for number, word in enumerate(text.split(",") if text else ()):
        name = word.strip()
        meaning = header_meanings([name])[0].field
        field = "" if name in {"", "-"} else name if name in MAPPABLE_FIELDS else meaning
        if field not in {"", *MAPPABLE_FIELDS} or (name not in {"", "-"} and not field):
            raise Refused(f"--columns: {name} is no field. Fields are {', '.join(MAPPABLE_FIELDS)}.")
        fields[number] = field
    return fields


def _problem(facts: dict[str, Any]) -> str:
    """Return why a file cannot be imported without a word of the operator, with the option that helps."""
    if not facts["has_people"] and not facts["has_header"]:
        return (
            "The first row is no header, and the columns cannot be told by their values. "
            "Say what they are: --columns first,last,email,phone"
        )
    if not facts["has_people"]:
        return (
            "No column for a name, email or phone was found. Name one of them in the first row, "
            "or say what the columns are: --columns first,last,email,phone"
        )
    if facts["unsettled_dates"]:
        columns = ", ".join(facts["unsettled_dates"])
        return (
            f"{columns}: the column does not show whether month, day or year comes first, and the birth year depends "
            "on it. Use --date-order month, day or year, or leave the column out with --columns."
        )
    return ""


def _describe_guess(facts: dict[str, Any]) -> str:
    read = ", ".join(f"{number + 1} {field or '-'}" for number, _header, field, _example in facts["columns"])
    return f"The file has no header; its first row is a person. Columns were read as: {read}. --columns corrects it."


def report(finished: Import, facts: dict[str, Any], bad: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the documented figures; statuses count the contacts of this file.

    `skipped` counts entries that are no people by kind, `unread` the values that cannot be read by column and form,
    `date_order` says what comes first in the dates of a column.
    """
    counts = Contact.objects.from_import(finished.pk).counts_by_status()
    return {
        "read": facts["read"],
        "new": finished.new,
        "same": finished.same,
        "bad": [{"line": row["line"], "reason": row["reason"]} for row in bad],
        **{status: counts.get(status, 0) for status in ("registered", "likely", "unclear", "not_found")},
        "skipped": facts["skipped"],
        "unread": facts["unread"],
        "date_order": facts["date_orders"],
    }
