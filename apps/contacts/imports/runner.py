"""Imports in the worker: a stretch of rows becomes contacts, statuses, checkpoint and next job in one transaction.

A worker that dies between two transactions has lost nothing, since the checkpoint says where to go on; one that
dies inside has written nothing. The same stretch twice meets the checkpoint, and behind it a unique row number.
"""

import time
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from apps.activity import services as activity
from apps.contacts import matching as contact_matching
from apps.contacts import serialization
from apps.contacts.dedupe import fingerprint, meeting_keys, word_keys
from apps.contacts.models import SETTLED, Contact, ContactKey, Import, ImportPart, Pin, Sighting, Status
from apps.contacts.parsing import RawContact
from apps.core.log import get_logger
from apps.jobs import jobs
from apps.jobs.models import Job

from ..services import locking, quotas
from .plan import ImportPlan, PlannedContact, plan
from .previews import ROWS_IN_PART, enqueue_chunk

log = get_logger(__name__)

# A job hands over after this long, so that a small import never waits behind a big one.
SECONDS_A_JOB = 1.0
State = Import.State


def run(*, import_id: int) -> None:
    """Work on an import from its checkpoint on, for a second; the last stretch queues the next job or ends it."""
    until = time.monotonic() + SECONDS_A_JOB
    Import.objects.filter(pk=import_id, state=State.WAITING).update(state=State.RUNNING, started_at=Now())
    over = False
    while not over:
        over = locking.until_settled(partial(_stretch, import_id, until, set()))


def _stretch(import_id: int, until: float, paid: set[RawContact]) -> bool:
    """Do the stretch at the checkpoint; returns whether this job is over. `paid`: see `answer`."""
    current = Import.objects.filter(pk=import_id, state=State.RUNNING).first()
    if current is None:
        log.info("import.over", import_id=import_id)
        return True
    owner_id, part = current.owner_id, current.next_part
    planned_at = locking.generation(owner_id)
    row = ImportPart.objects.filter(of=current, kind=ImportPart.Kind.ROWS, number=part).first()
    rows = [RawContact.from_data(data) for data in serialization.unpack(row.content)] if row else []
    first = part * ROWS_IN_PART
    planned = plan(owner_id, list(enumerate(rows, first)))
    answer(owner_id, planned.entries, paid, free=current.by_operator)
    last, hand_over = part + 1 >= current.parts, time.monotonic() > until
    with locking.changing(owner_id, planned_at):
        _write(current, planned)
        if not _move_on(current, planned, len(rows)):
            raise locking.MovedOnError
        if row:
            ImportPart.objects.filter(pk=row.pk).delete()
        if last:
            _finish(current)
        elif hand_over:
            enqueue_chunk(current.pk, part + 1)
    return last or hand_over


def answer(owner_id: int, entries: list[PlannedContact], paid: set[RawContact], *, free: bool = False) -> None:
    """Ask the roll about what is new, within the owner's budgets; who is over them waits.

    `paid` keeps whose look-up was spent, for the case that the same plan is made again.
    """
    asking = [entry for entry in entries if entry.wants_answer]
    going = asking if free or not contact_matching.has_roll() else within_budget(owner_id, asking, paid)
    refused = [entry.known.refused if entry.known else [] for entry in going]
    found = contact_matching.look_up(owner_id, [entry.contact for entry in going], refused)
    for entry, one in zip(going, found, strict=True):
        entry.found = one


def within_budget(owner_id: int, asking: list[PlannedContact], paid: set[RawContact]) -> list[PlannedContact]:
    """Spend a look-up for each entry that was not paid yet; returns the entries that may be asked about."""
    people = [entry.contact for entry in asking if entry.contact not in paid]
    may = quotas.spend(owner_id=owner_id, contacts=people)
    paid.update(person for person, allowed in zip(people, may, strict=True) if allowed)
    return [entry for entry in asking if entry.contact in paid]


def _move_on(current: Import, planned: ImportPlan, rows: int) -> bool:
    new = len(planned.new)
    return bool(
        Import.objects.filter(pk=current.pk, state=State.RUNNING, next_part=current.next_part).update(
            next_part=F("next_part") + 1,
            done=F("done") + rows,
            new=F("new") + new,
            same=F("same") + rows - planned.left_out - new,
            left_out=F("left_out") + planned.left_out,
        )
    )


def expiry() -> datetime:
    """Return when a contact that is brought in now goes."""
    return timezone.now() + timedelta(days=settings.CONTACT_DAYS)


def _write(current: Import, planned: ImportPlan) -> None:
    owner_id, until = current.owner_id, expiry()
    new, there = planned.new, planned.there
    for entry in new:
        entry.known = Contact(owner_id=owner_id, fingerprint=fingerprint(owner_id, entry.contact), expires_at=until)
    for entry in planned.entries:
        apply_entry(entry)
    Contact.objects.bulk_create([entry.known for entry in new if entry.known])
    changed = [entry for entry in there if entry.changed or entry.found]
    Contact.objects.bulk_update(
        [entry.known for entry in changed if entry.known], [*ANSWER_FIELDS, "data"], batch_size=100
    )
    ids = [entry.known.pk for entry in there if entry.known]
    Contact.objects.filter(pk__in=ids, expires_at__lt=until).update(expires_at=until)  # kept friends stay longer
    _absorb(planned.entries)
    write_keys(owner_id, new, fresh=True)
    write_keys(owner_id, [entry for entry in there if entry.changed])
    Sighting.objects.bulk_create(
        Sighting(of=current, contact=entry.known, row=number, data=serialization.to_text(row))
        for entry in planned.entries
        for number, row in entry.rows
    )


ANSWER_FIELDS = ["correction", "status", "state", "districts", "why", "answered", "snapshot_id", "model_version",
                 "decided_at"]  # fmt: skip


def apply_entry(entry: PlannedContact) -> None:
    """Write an entry's answer and data into its row."""
    contact = entry.known
    if contact is None:
        return
    contact.data = serialization.to_text(entry.contact)
    if entry.found is None:
        if entry.changed and contact.correction not in SETTLED:
            _no_answer_yet(contact)
        return
    if contact.correction == Contact.Correction.NOT_THIS_PERSON and entry.found.status != Status.NOT_FOUND:
        contact.correction = Contact.Correction.NONE  # this is somebody else than the one who was refused
    contact.status, contact.state = entry.found.status, entry.found.state
    contact.districts, contact.why = dict(entry.found.districts), list(entry.found.why)
    contact.answered, contact.snapshot_id = entry.found.voter, entry.found.snapshot_id
    contact.model_version = entry.found.model_version
    contact.decided_at = timezone.now()


def _no_answer_yet(contact: Contact) -> None:
    contact.status, contact.state, contact.districts, contact.why = Status.WAITING, "", {}, []
    contact.answered, contact.snapshot_id, contact.decided_at = "", None, None
    contact.model_version = ""


def write_keys(owner_id: int, entries: list[PlannedContact], *, fresh: bool = False) -> None:
    """Write the hashes by which the entries' contacts are met and searched, without the ones that are there."""
    ids = [entry.known.pk for entry in entries if entry.known]
    there = set()
    if not fresh:
        rows = ContactKey.objects.filter(contact_id__in=ids).values_list("contact_id", "hash")
        there = {(contact_id, bytes(one)) for contact_id, one in rows}
    ContactKey.objects.bulk_create(
        ContactKey(contact_id=entry.known.pk, owner_id=owner_id, hash=one)
        for entry in entries
        if entry.known
        for one in (*meeting_keys(owner_id, entry.contact), *word_keys(owner_id, entry.contact.name))
        if (entry.known.pk, one) not in there
    )


def _absorb(entries: list[PlannedContact]) -> None:
    """Move the rows of contacts that turned out to be another one, and drop them."""
    for entry in entries:
        if entry.absorbed and entry.known:
            Sighting.objects.filter(contact_id__in=entry.absorbed).update(contact=entry.known)
            Pin.objects.filter(contact_id__in=entry.absorbed).update(contact=entry.known)
            Contact.objects.filter(pk__in=entry.absorbed).only("pk").delete()


def _finish(current: Import) -> None:
    counts = Contact.objects.of_import(current.pk).by_status()
    Import.objects.filter(pk=current.pk).update(state=State.DONE, finished_at=Now(), counts=counts)
    ImportPart.objects.filter(of=current, kind=ImportPart.Kind.ROWS).delete()
    facts = {"import_id": current.pk}
    key = f"import:{current.pk}"
    activity.record_activity(actor_id=current.owner_id, kind="contacts.imported", key=key, facts=facts)


def stop(*, import_id: int, reason: str = "") -> bool:
    """Stop an import where it is; the contacts that are in stay until it is undone."""
    with transaction.atomic():
        stopped = (
            Import.objects.filter(pk=import_id)
            .live()
            .update(
                state=State.STOPPED,
                finished_at=Now(),
                reason=reason[:200],
                counts=Contact.objects.of_import(import_id).by_status(),
            )
        )
        if stopped:
            ImportPart.objects.filter(of=import_id, kind=ImportPart.Kind.ROWS).delete()
    return bool(stopped)


def on_dead(job: Job) -> None:
    """End an import whose work was started as often as allowed."""
    stop(import_id=int(job.args["import_id"]), reason="trouble")


def repair(dry_run: bool) -> int:
    """Queue the work of imports that run without a job; returns how many there were."""
    lost = [one for one in Import.objects.live() if not _has_job(one.pk)]
    if not dry_run:
        for one in lost:
            enqueue_chunk_again(one)
    return len(lost)


def _has_job(import_id: int) -> bool:
    jobs = Job.objects.filter(task="import.chunk", key__startswith=f"{import_id}:")
    return jobs.unfinished().exists()


def enqueue_chunk_again(one: Import) -> None:
    """Queue an import from its checkpoint under a key that no ended job has."""
    tries = Job.objects.filter(task="import.chunk", key__startswith=f"{one.pk}:").count()
    key = f"{one.pk}:{one.next_part}:again:{tries}"
    jobs.enqueue("import.chunk", key=key, args={"import_id": one.pk})
