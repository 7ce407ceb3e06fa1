"""Deletes contacts: one, all of a member, those of an undone import, those past their expiry."""

import time
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import segments, serialization
from apps.contacts.dedupe import apply_details, merge_contacts
from apps.contacts.models import (
    ColumnMapping,
    Contact,
    ContactKey,
    ContactsVersion,
    ErasureCount,
    Import,
    ImportedRow,
    ImportPart,
    RowAssignment,
    Status,
)
from apps.jobs import jobs, task_names

from .. import locking
from ..imports import oauth_import
from ..imports.persistence import apply_entry, write_keys
from ..imports.plan import PlannedContact
from ..imports.runner import MAX_JOB_SECONDS
from . import rechecks

BATCH = 200
State = Import.State


def _delete_contacts(ids: Iterable[int]) -> int:
    """Delete contacts and their dependent rows without decrypting anything; return the number of contacts."""
    ids = list(ids)
    ImportedRow.objects.filter(contact_id__in=ids).delete()
    RowAssignment.objects.filter(contact_id__in=ids).delete()
    ContactKey.objects.filter(contact_id__in=ids).delete()
    return Contact.objects.filter(pk__in=ids).only("pk").delete()[1].get("contacts.Contact", 0)


def erase_contact(*, contact: Contact) -> None:
    """Delete one contact."""
    with transaction.atomic():
        ContactsVersion.objects.filter(pk=contact.owner_id).update(generation=F("generation") + 1)
        _delete_contacts([contact.pk])


def erase_all_contacts(*, owner: User) -> int:
    """Delete a member's contacts and previews, end running imports; return the number of contacts."""
    oauth_import.drop_grants(owner)
    Import.objects.owned_by(owner).exclude(state=State.UNDONE).update(
        state=State.UNDONE, finished_at=Now(), file_name=""
    )
    ImportPart.objects.filter(contact_import__owner=owner).delete()
    erased = 0
    while ids := list(Contact.objects.filter(owner=owner).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            ContactsVersion.objects.filter(pk=owner.pk).update(generation=F("generation") + 1)
            erased += _delete_contacts(ids)
    return erased


def erase_member(member: User) -> int:
    """Delete everything that a member imported, including imports and quotas, when the account is deleted."""
    erased = erase_all_contacts(owner=member)
    for model in (Import, ColumnMapping):
        erased += model.objects.filter(owner=member).delete()[0]
    ContactsVersion.objects.filter(pk=member.pk).delete()
    segments.drop_segments(member.pk)
    return erased


def purge_expired(before: datetime | None = None) -> int:
    """Delete expired contacts and add them to the public count; return the number. `before` is unused: rows have
    expiry dates.
    """
    del before
    erased = 0
    while rows := list(Contact.objects.expired().values_list("pk", "owner_id")[:BATCH]):
        with transaction.atomic():
            dropped = _delete_contacts(pk for pk, _owner_id in rows)
            ContactsVersion.objects.filter(pk__in={owner_id for _pk, owner_id in rows}).update(
                generation=F("generation") + 1
            )
            ErasureCount.objects.get_or_create(day=timezone.localdate())
            ErasureCount.objects.filter(day=timezone.localdate()).update(contacts=F("contacts") + dropped)
        erased += dropped
    return erased


def total_expired() -> int:
    """Return how many contacts have expired since the start; a public number."""
    return int(ErasureCount.objects.aggregate(total=Sum("contacts"))["total"] or 0)


def undo_import(*, import_: Import) -> Import:
    """Undo an import: delete contacts that only it added, restore others to the rows of other imports."""
    oauth_import.stop_fetch(import_id=import_.pk, reason="stopped")
    with transaction.atomic():
        live = [State.WAITING, State.RUNNING, State.DONE, State.STOPPED]
        moved = Import.objects.filter(pk=import_.pk, state__in=live).update(
            state=State.UNDONE, finished_at=Now(), file_name=""
        )
        if moved:
            ImportPart.objects.filter(contact_import=import_).delete()
            _queue_undo(import_.pk, 0)
    import_.refresh_from_db()
    return import_


def _queue_undo(import_id: int, step: int) -> None:
    args = {"import_id": import_id, "step": step}
    jobs.enqueue(task_names.UNDO_IMPORT, key=f"{import_id}:{step}", args=args, priority=4)


def run_undo(*, import_id: int, step: int) -> None:
    """Undo rows of an import for `MAX_JOB_SECONDS`, then queue the rest."""
    until = time.monotonic() + MAX_JOB_SECONDS
    import_ = Import.objects.filter(pk=import_id, state=State.UNDONE).first()
    if import_ is None:
        return
    while locking.retry_on_conflict(partial(_undo_batch, import_)):
        if time.monotonic() > until:
            _queue_undo(import_id, step + 1)
            return
    rechecks.queue_recheck(import_.owner_id, f"undo{import_id}")


def _undo_batch(import_: Import) -> bool:
    """Undo the rows of some contacts; return whether more may remain."""
    generation = locking.current_generation(import_.owner_id)
    ids = list(
        ImportedRow.objects.filter(contact_import=import_)
        .order_by("contact")
        .values_list("contact", flat=True)
        .distinct()[:BATCH]
    )
    if not ids:
        return False
    shared = set(
        ImportedRow.objects.filter(contact__in=ids).exclude(contact_import=import_).values_list("contact", flat=True)
    )
    with locking.change_at(import_.owner_id, generation):
        ImportedRow.objects.filter(contact_import=import_, contact__in=ids).delete()
        _delete_contacts(set(ids) - shared)
        for contact in Contact.objects.filter(pk__in=shared).prefetch_related("imported_rows"):
            rebuild_contact(contact)
    return True


def rebuild_contact(contact: Contact) -> None:
    """Merge a contact again from its remaining rows; if that changes it, it waits for a new match."""
    rows = [serialization.load_contact(row.data) for row in sorted(contact.imported_rows.all(), key=lambda row: row.pk)]
    person = rows[0]
    for row in rows[1:]:
        person = merge_contacts(person, row)
    if contact.details:
        person = apply_details(person, serialization.load_contact(contact.details))
    entry = PlannedContact(person, contact, serialization.load_contact(contact.data))
    if not entry.changed:
        return
    apply_entry(entry)
    contact.status = Status.WAITING
    contact.save()
    ContactKey.objects.filter(contact=contact).delete()
    write_keys(contact.owner_id, [entry], fresh=True)
