"""Matches contacts again: when their owner requests it, and when a quota is available again.

A new roll or a suppression triggers no match. Otherwise a change in one's contacts would show that a person moved, or
asked not to be found.
"""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from apps.contacts import matching as contact_matching
from apps.contacts import serialization
from apps.contacts.managers import ContactQuerySet
from apps.contacts.models import FINAL_CORRECTIONS, Contact, ContactsVersion, Status
from apps.contacts.parsing import RawContact
from apps.core import quotas as core_quotas
from apps.jobs import jobs, task_names

from .. import locking, quotas
from ..imports.persistence import MATCH_FIELDS, apply_entry
from ..imports.plan import PlannedContact
from ..imports.runner import MAX_JOB_SECONDS, spend_quota

BATCH = 100
ALL_PREFIX = "all"
PRIORITY = 7


@dataclass(frozen=True)
class RecheckDates:
    """The day of an owner's last re-check, and the first day of the next one; None if that is today."""

    last: date | None
    next: date | None


def recheck_dates(owner_id: int) -> RecheckDates:
    """Return when an owner last re-checked all contacts and may do so again."""
    last = ContactsVersion.objects.filter(pk=owner_id).values_list("rechecked_on", flat=True).first()
    free_on = last + timedelta(days=quotas.DAYS) if last else None
    return RecheckDates(last, free_on if free_on and free_on > timezone.localdate() else None)


def recheck_all(owner_id: int) -> None:
    """Queue matching of all of an owner's contacts; raise QuotaExceeded within 30 days of the last time."""
    today = timezone.localdate()
    with transaction.atomic():
        core_quotas.spend(quotas.recheck(owner_id))
        ContactsVersion.objects.update_or_create(owner_id=owner_id, defaults={"rechecked_on": today})
        queue_recheck(owner_id, f"{ALL_PREFIX}{today:%Y%m%d}")


def recheck_waiting() -> None:
    """Queue the owners whose contacts waited for lookups; called daily."""
    today = timezone.localdate()
    for owner_id in _owners_by_size(Contact.objects.filter(status=Status.WAITING)):
        queue_recheck(owner_id, f"day{today:%Y%m%d}")


def _owners_by_size(contacts: ContactQuerySet) -> list[int]:
    rows = contacts.order_by().values_list("owner_id").annotate(number=Count("pk")).order_by("number", "owner_id")
    return [owner_id for owner_id, _number in rows]


def queue_recheck(owner_id: int, occasion: str, after: int = 0) -> None:
    """Queue matching of an owner's contacts with ids above `after`; `occasion` names the cause."""
    args: dict[str, int | str] = {"owner_id": owner_id, "occasion": occasion, "after": after}
    key = f"{owner_id}:{occasion}:{after}"
    jobs.enqueue(task_names.RECHECK_CONTACTS, key=key, args=args, priority=PRIORITY)


def recheck(*, owner_id: int, occasion: str, after: int) -> None:
    """Match contacts again for `MAX_JOB_SECONDS`, then queue the rest: all for their owner, else only waiting ones."""
    deadline = time.monotonic() + MAX_JOB_SECONDS
    last_id: int | None = after
    while last_id is not None and time.monotonic() < deadline:
        last_id = locking.retry_on_conflict(
            partial(_recheck_batch, owner_id, last_id, set(), waiting_only=not occasion.startswith(ALL_PREFIX))
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
    """Query the roll: free for contacts matched before, by quota for waiting ones."""
    waiting = [entry for entry in entries if entry.existing and entry.existing.status == Status.WAITING]
    allowed = spend_quota(owner_id, waiting, paid) if contact_matching.has_roll() else waiting
    over_quota = {id(entry) for entry in waiting} - {id(entry) for entry in allowed}
    to_match = [entry for entry in entries if id(entry) not in over_quota]
    rejected = [entry.existing.rejected_voters if entry.existing else [] for entry in to_match]
    previous = [_previous_match(entry.existing) for entry in to_match]
    matches = contact_matching.match_contacts(owner_id, [entry.contact for entry in to_match], rejected, previous)
    for entry, match in zip(to_match, matches, strict=True):
        entry.match = match


def _previous_match(contact: Contact | None) -> contact_matching.ContactMatch:
    if contact is None:
        return contact_matching.ContactMatch(Status.NOT_FOUND)
    return contact_matching.ContactMatch(
        Status(contact.status), voter=contact.matched_voter, model_version=contact.model_version
    )
