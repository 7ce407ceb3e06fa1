"""Matches contacts again: after a new roll, after a suppression, and when a quota is available again."""

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
from apps.jobs import jobs, task_names

from .. import locking
from ..imports.persistence import MATCH_FIELDS, apply_entry
from ..imports.plan import PlannedContact
from ..imports.runner import MAX_JOB_SECONDS, spend_quota
from . import suppression as contact_suppression

BATCH = 100
SUPPRESSION_PREFIX = "hide"


def roll_went_live(state: str, snapshot_id: int) -> None:
    """Queue a recheck of all contacts; called in the transaction that makes a roll live."""
    del state  # a contact without a state is looked for in every roll
    _queue_recheck_all(str(snapshot_id))


def voters_protected(voters: Sequence[tuple[str, str]]) -> None:
    """Clear matches with these voters and queue a recheck of all contacts.

    The job carries no voter: jobs must not say who is protected.
    """
    contact_suppression.hide_voters(voters)
    _queue_recheck_all(f"{SUPPRESSION_PREFIX}{uuid.uuid4().hex[:12]}")


def _queue_recheck_all(occasion: str) -> None:
    priority = _priority(f"live{occasion}", 8)
    jobs.enqueue(task_names.RECHECK_ALL, key=f"all:{occasion}", args={"occasion": occasion}, priority=priority)


def _priority(occasion: str, default: int) -> int:
    """Return the job priority; rechecks after a suppression overtake those of a new roll."""
    return 1 if occasion.startswith(f"live{SUPPRESSION_PREFIX}") else default


def recheck_all(*, occasion: str) -> None:
    """Queue one job per owner, fewest contacts first."""
    for owner_id in _owners_by_size(Contact.objects.exclude(correction__in=FINAL_CORRECTIONS)):
        queue_recheck(owner_id, f"live{occasion}")


def recheck_waiting() -> None:
    """Queue the owners whose contacts waited for a new day's quota; called daily."""
    today = timezone.localdate()
    for owner_id in _owners_by_size(Contact.objects.filter(status=Status.WAITING)):
        queue_recheck(owner_id, f"day{today:%Y%m%d}")


def _owners_by_size(contacts: ContactQuerySet) -> list[int]:
    rows = contacts.order_by().values_list("owner_id").annotate(number=Count("pk")).order_by("number", "owner_id")
    return [owner_id for owner_id, _number in rows]


def queue_recheck(owner_id: int, occasion: str, after: int = 0) -> None:
    """Queue matching of an owner's contacts with ids above `after`; `occasion` names the cause."""
    args: dict[str, int | str] = {"owner_id": owner_id, "occasion": occasion, "after": after}
    jobs.enqueue(
        task_names.RECHECK_CONTACTS, key=f"{owner_id}:{occasion}:{after}", args=args, priority=_priority(occasion, 7)
    )


def recheck(*, owner_id: int, occasion: str, after: int) -> None:
    """Match contacts again for `MAX_JOB_SECONDS`, then queue the rest: all after a new roll, else only waiting ones."""
    deadline = time.monotonic() + MAX_JOB_SECONDS
    last_id: int | None = after
    while last_id is not None and time.monotonic() < deadline:
        last_id = locking.retry_on_conflict(
            partial(_recheck_batch, owner_id, last_id, set(), waiting_only=not occasion.startswith("live"))
        )
    if last_id is not None:
        queue_recheck(owner_id, occasion, last_id)


def _recheck_batch(owner_id: int, after: int, paid: set[RawContact], *, waiting_only: bool) -> int | None:
    """Match the next contacts; return the last id, or None at the end."""
    generation = locking.current_generation(owner_id)
    rows = Contact.objects.owned_by(owner_id).filter(pk__gt=after).exclude(correction__in=FINAL_CORRECTIONS)
    if waiting_only:
        rows = rows.filter(status=Status.WAITING)
    contacts = list(rows.order_by("pk")[:BATCH])
    if not contacts:
        return None
    entries = [_planned(contact) for contact in contacts]
    rematch(owner_id, entries, paid)
    matched = [entry for entry in entries if entry.match]
    with locking.change_at(owner_id, generation):
        for entry in matched:
            apply_entry(entry)
        Contact.objects.bulk_update(
            [entry.existing for entry in matched if entry.existing], MATCH_FIELDS, batch_size=BATCH
        )
    return int(contacts[-1].pk)


def _planned(contact: Contact) -> PlannedContact:
    person = serialization.load_contact(contact.data)
    return PlannedContact(person, contact, person)


def rematch(owner_id: int, entries: list[PlannedContact], paid: set[RawContact]) -> None:
    """Query the roll: free for contacts matched before, which disclose nothing new; by quota for waiting ones."""
    waiting = [entry for entry in entries if entry.existing and entry.existing.status == Status.WAITING]
    allowed = spend_quota(owner_id, waiting, paid) if contact_matching.has_roll() else waiting
    over_quota = {id(entry) for entry in waiting} - {id(entry) for entry in allowed}
    to_match = [entry for entry in entries if id(entry) not in over_quota]
    rejected = [entry.existing.rejected_voters if entry.existing else [] for entry in to_match]
    matches = contact_matching.match_contacts(owner_id, [entry.contact for entry in to_match], rejected)
    for entry, match in zip(to_match, matches, strict=True):
        entry.match = match
