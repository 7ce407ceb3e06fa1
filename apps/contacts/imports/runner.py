"""Runs imports in the worker: one part becomes contacts, statuses, checkpoint and next job in one transaction.

A worker killed between two transactions loses nothing, because the checkpoint says where to continue; one killed
within a transaction has written nothing. A part that runs twice is stopped by the checkpoint, or by a unique row
number.
"""

import time
from functools import partial

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from apps.activity import services as activity
from apps.contacts import matching as contact_matching
from apps.contacts import serialization
from apps.contacts.dedupe import fingerprint
from apps.contacts.models import (
    Contact,
    Import,
    ImportedRow,
    ImportPart,
)
from apps.contacts.parsing import RawContact
from apps.core.log import get_logger
from apps.jobs import jobs, task_names
from apps.jobs.models import Job

from .. import locking, quotas
from .persistence import MATCH_FIELDS, apply_entry, contact_expiry, delete_merged, write_keys
from .plan import ImportPlan, PlannedContact, plan_rows
from .previews import ROWS_PER_PART, enqueue_chunk

log = get_logger(__name__)

# A job queues its successor after this time, so that small imports never wait behind large ones.
MAX_JOB_SECONDS = 1.0
State = Import.State


def run_import(*, import_id: int) -> None:
    """Import parts from the checkpoint for `MAX_JOB_SECONDS`; the last one queues the next job or ends the import."""
    deadline = time.monotonic() + MAX_JOB_SECONDS
    Import.objects.filter(pk=import_id, state=State.WAITING).update(state=State.RUNNING, started_at=Now())
    is_over = False
    while not is_over:
        is_over = locking.retry_on_conflict(partial(_import_part, import_id, deadline, set()))


def _import_part(import_id: int, deadline: float, paid: set[RawContact]) -> bool:
    """Import the part at the checkpoint; return whether this job is over. `paid`: see `match_entries`."""
    current = Import.objects.filter(pk=import_id, state=State.RUNNING).first()
    if current is None:
        log.info("import.over", import_id=import_id)
        return True
    owner_id, part = current.owner_id, current.next_part
    generation = locking.current_generation(owner_id)
    row = ImportPart.objects.filter(contact_import=current, kind=ImportPart.Kind.ROWS, number=part).first()
    rows = [RawContact.from_data(data) for data in serialization.unpack(row.content)] if row else []
    first_number = part * ROWS_PER_PART
    planned = plan_rows(owner_id, list(enumerate(rows, first_number)))
    match_entries(current, planned.entries, paid)
    is_last, hand_over = part + 1 >= current.parts, time.monotonic() > deadline
    with locking.change_at(owner_id, generation):
        _write_plan(current, planned)
        if not _advance_checkpoint(current, planned, len(rows)):
            raise locking.VersionConflictError
        if row:
            ImportPart.objects.filter(pk=row.pk).delete()
        if is_last:
            _finish(current)
        elif hand_over:
            enqueue_chunk(current.pk, part + 1)
    return is_last or hand_over


def match_entries(current: Import, entries: list[PlannedContact], paid: set[RawContact]) -> None:
    """Match new and changed contacts within the owner's quota; the others wait.

    `paid` collects contacts whose lookup is spent, for the case that the same plan is made again.
    """
    unmatched = [entry for entry in entries if entry.needs_match]
    if contact_matching.has_roll() and not current.by_operator:
        allowed = spend_quota(current.owner_id, unmatched, paid, first_import=is_first_import(current))
    else:
        allowed = unmatched
    rejected = [entry.existing.rejected_voters if entry.existing else [] for entry in allowed]
    matches = contact_matching.match_contacts(current.owner_id, [entry.contact for entry in allowed], rejected)
    for entry, match in zip(allowed, matches, strict=True):
        entry.match = match


def is_first_import(current: Import) -> bool:
    """Return whether the owner has confirmed no earlier import."""
    earlier = Import.objects.owned_by(current.owner_id).filter(pk__lt=current.pk)
    return not earlier.exclude(state__in=[State.FETCHING, State.DRAFT]).exists()


def spend_quota(
    owner_id: int, entries: list[PlannedContact], paid: set[RawContact], *, first_import: bool = False
) -> list[PlannedContact]:
    """Spend a lookup for each entry not in `paid`; return the entries that may be matched."""
    people = [entry.contact for entry in entries if entry.contact not in paid]
    paid.update(people[: quotas.spend_lookups(owner_id, len(people), first_import=first_import)])
    return [entry for entry in entries if entry.contact in paid]


def _advance_checkpoint(current: Import, planned: ImportPlan, rows: int) -> bool:
    new = len(planned.new)
    return bool(
        Import.objects.filter(pk=current.pk, state=State.RUNNING, next_part=current.next_part).update(
            next_part=F("next_part") + 1,
            done=F("done") + rows,
            new=F("new") + new,
            same=F("same") + rows - new,
        )
    )


def _write_plan(current: Import, planned: ImportPlan) -> None:
    owner_id, expiry = current.owner_id, contact_expiry()
    new, existing = planned.new, planned.existing
    for entry in new:
        entry.existing = Contact(owner_id=owner_id, fingerprint=fingerprint(owner_id, entry.contact), expires_at=expiry)
    for entry in planned.entries:
        apply_entry(entry)
    Contact.objects.bulk_create([entry.existing for entry in new if entry.existing])
    changed = [entry for entry in existing if entry.changed or entry.match]
    Contact.objects.bulk_update(
        [entry.existing for entry in changed if entry.existing], [*MATCH_FIELDS, "data"], batch_size=100
    )
    ids = [entry.existing.pk for entry in existing if entry.existing]
    Contact.objects.filter(pk__in=ids, expires_at__lt=expiry).update(expires_at=expiry)  # never shortens
    delete_merged(planned.entries)
    write_keys(owner_id, new, fresh=True)
    write_keys(owner_id, [entry for entry in existing if entry.changed])
    ImportedRow.objects.bulk_create(
        ImportedRow(contact_import=current, contact=entry.existing, row=number, data=serialization.dump_contact(row))
        for entry in planned.entries
        for number, row in entry.rows
    )


def _finish(current: Import) -> None:
    counts = Contact.objects.from_import(current.pk).counts_by_status()
    Import.objects.filter(pk=current.pk).update(state=State.DONE, finished_at=Now(), counts=counts)
    ImportPart.objects.filter(contact_import=current, kind=ImportPart.Kind.ROWS).delete()
    facts = {"import_id": current.pk}
    key = f"import:{current.pk}"
    activity.record_activity(actor_id=current.owner_id, kind="contacts.imported", key=key, facts=facts)


def stop_import(*, import_id: int, reason: str = "") -> bool:
    """Stop an import; contacts already imported stay until it is undone. Return whether it was running."""
    with transaction.atomic():
        stopped = (
            Import.objects.filter(pk=import_id)
            .live()
            .update(
                state=State.STOPPED,
                finished_at=Now(),
                reason=reason[:200],
                counts=Contact.objects.from_import(import_id).counts_by_status(),
            )
        )
        if stopped:
            ImportPart.objects.filter(contact_import=import_id, kind=ImportPart.Kind.ROWS).delete()
    return bool(stopped)


def on_dead_letter(job: Job) -> None:
    """Stop an import whose job failed for good."""
    stop_import(import_id=int(job.args["import_id"]), reason="trouble")


def requeue_lost_imports(dry_run: bool) -> int:
    """Queue running imports that have no job; return their number. Changes nothing on a dry run."""
    lost = [lost_import for lost_import in Import.objects.live() if not _has_job(lost_import.pk)]
    if not dry_run:
        for lost_import in lost:
            requeue_import(lost_import)
    return len(lost)


def _has_job(import_id: int) -> bool:
    jobs = Job.objects.filter(task=task_names.IMPORT_CHUNK, key__startswith=f"{import_id}:")
    return jobs.unfinished().exists()


def requeue_import(contact_import: Import) -> None:
    """Queue an import from its checkpoint under a job key that is still unused."""
    attempts = Job.objects.filter(task=task_names.IMPORT_CHUNK, key__startswith=f"{contact_import.pk}:").count()
    key = f"{contact_import.pk}:{contact_import.next_part}:again:{attempts}"
    jobs.enqueue(task_names.IMPORT_CHUNK, key=key, args={"import_id": contact_import.pk})
