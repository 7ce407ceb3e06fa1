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
from apps.core.commands import VotekinCommand, readable_file
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.jobs import heartbeats, jobs, task_names
from apps.jobs.models import Job

POLL_SECONDS = 0.2


class Command(VotekinCommand):
    """Run `import_contacts FILE --owner EMAIL`."""

    help = "Import a contact file (CSV or vCard) for a member; waits for the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare file and owner."""
        parser.add_argument("file")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="Email address of the member.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Preview and confirm, then run the jobs here or wait for the worker."""
        owner = member_by_email(options["owner"])
        file = readable_file(options["file"])
        with file.open("rb") as stream:
            draft = previews.start_file(owner=owner, stream=stream, file_name=file.name, by_operator=True)
        facts, bad = previews.preview_facts(draft), previews.bad_rows(draft)
        if facts["needs_mapping"]:
            previews.discard(draft=draft)
            raise Refused("No column for a name, email or phone was found. Name one of them in the first row.")
        audit.log_write(actor=None, action="contacts.imported", subject=owner, facts={"import_id": draft.pk})
        finished = self._finish(draft)
        if finished.state != Import.State.DONE:
            raise Refused(f"The import ended as {finished.state}. See `deadletters list`.")
        return report(finished, facts["read"], bad)

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


def report(finished: Import, row_count: int, bad: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the documented figures; statuses count the contacts of this file."""
    counts = Contact.objects.from_import(finished.pk).counts_by_status()
    return {
        "read": row_count,
        "new": finished.new,
        "same": finished.same,
        "bad": [{"line": row["line"], "reason": row["reason"]} for row in bad],
        **{status: counts.get(status, 0) for status in ("registered", "likely", "unclear", "not_found")},
    }
