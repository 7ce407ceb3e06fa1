"""Looking contacts up again: when a roll goes live, and on the next day for those that were over a budget."""

import time
import uuid
from collections.abc import Sequence
from functools import partial

from django.db.models import Count
from django.utils import timezone

from apps.contacts import matching as contact_matching
from apps.contacts import serialization
from apps.contacts.managers import ContactQuerySet
from apps.contacts.models import FINAL_CORRECTIONS, Contact, Status
from apps.contacts.parsing import RawContact
from apps.jobs import jobs

from .. import locking
from ..imports.plan import PlannedContact
from ..imports.runner import MATCH_FIELDS, MAX_JOB_SECONDS, apply_entry, spend_quota
from . import suppression as contact_suppression

BATCH = 100
SUPPRESSION_PREFIX = "hide"


def roll_went_live(state: str, snapshot_id: int) -> None:
    """Queue a look-up of everybody's contacts; called by the voters' room in its transaction."""
    del state  # a contact without a state is looked for in every roll
    _queue_recheck_all(str(snapshot_id))


def voters_protected(voters: Sequence[tuple[str, str]]) -> None:
    """Take back what named these voters, and queue a look-up of everybody's contacts.

    Whose contact was protected now is not for a job to carry.
    """
    contact_suppression.hide_voters(voters)
    _queue_recheck_all(f"{SUPPRESSION_PREFIX}{uuid.uuid4().hex[:12]}")


def _queue_recheck_all(occasion: str) -> None:
    priority = _priority(f"live{occasion}", 8)
    jobs.enqueue("import.recheck_all", key=f"all:{occasion}", args={"occasion": occasion}, priority=priority)


def _priority(why: str, usual: int) -> int:
    """Somebody who is not to be found any more is not kept waiting by a new roll."""
    return 1 if why.startswith(f"live{SUPPRESSION_PREFIX}") else usual


def recheck_all(*, occasion: str) -> None:
    """Queue one job an owner, the smallest books first."""
    for owner_id in _owners_by_size(Contact.objects.exclude(correction__in=FINAL_CORRECTIONS)):
        queue_recheck(owner_id, f"live{occasion}")


def recheck_waiting() -> None:
    """Queue the owners whose contacts waited for a new day's budget; called daily."""
    today = timezone.localdate()
    for owner_id in _owners_by_size(Contact.objects.filter(status=Status.WAITING)):
        queue_recheck(owner_id, f"day{today:%Y%m%d}")


def _owners_by_size(contacts: ContactQuerySet) -> list[int]:
    rows = contacts.order_by().values_list("owner_id").annotate(number=Count("pk")).order_by("number", "owner_id")
    return [owner_id for owner_id, _number in rows]


def queue_recheck(owner_id: int, why: str, after: int = 0) -> None:
    """Queue the look-up of an owner's contacts behind an id; `why` names the occasion."""
    args: dict[str, int | str] = {"owner_id": owner_id, "why": why, "after": after}
    jobs.enqueue("import.recheck", key=f"{owner_id}:{why}:{after}", args=args, priority=_priority(why, 7))


def recheck(*, owner_id: int, why: str, after: int) -> None:
    """Look contacts up again for a second, then hand over; on a new roll all of them, else those that wait."""
    until = time.monotonic() + MAX_JOB_SECONDS
    last: int | None = after
    while last is not None and time.monotonic() < until:
        last = locking.retry_on_conflict(
            partial(_recheck_batch, owner_id, last, set(), waiting_only=not why.startswith("live"))
        )
    if last is not None:
        queue_recheck(owner_id, why, last)


def _recheck_batch(owner_id: int, after: int, paid: set[RawContact], *, waiting_only: bool) -> int | None:
    """Look up the next contacts; returns the last id, or None where none was left."""
    planned_at = locking.current_generation(owner_id)
    rows = Contact.objects.of(owner_id).filter(pk__gt=after).exclude(correction__in=FINAL_CORRECTIONS)
    if waiting_only:
        rows = rows.filter(status=Status.WAITING)
    contacts = list(rows.order_by("pk")[:BATCH])
    if not contacts:
        return None
    entries = [_planned(contact) for contact in contacts]
    rematch(owner_id, entries, paid)
    answered = [entry for entry in entries if entry.found]
    with locking.change_at(owner_id, planned_at):
        for entry in answered:
            apply_entry(entry)
        Contact.objects.bulk_update([entry.known for entry in answered if entry.known], MATCH_FIELDS, batch_size=BATCH)
    return int(contacts[-1].pk)


def _planned(contact: Contact) -> PlannedContact:
    person = serialization.load_contact(contact.data)
    return PlannedContact(person, contact, person)


def rematch(owner_id: int, entries: list[PlannedContact], paid: set[RawContact]) -> None:
    """Ask the roll: free for who was answered before, since nothing new is asked; within budget for who waits."""
    waiting = [entry for entry in entries if entry.known and entry.known.status == Status.WAITING]
    allowed = spend_quota(owner_id, waiting, paid) if contact_matching.has_roll() else waiting
    over = {id(entry) for entry in waiting} - {id(entry) for entry in allowed}
    going = [entry for entry in entries if id(entry) not in over]
    refused = [entry.known.refused if entry.known else [] for entry in going]
    found = contact_matching.match_contacts(owner_id, [entry.contact for entry in going], refused)
    for entry, one in zip(going, found, strict=True):
        entry.found = one
