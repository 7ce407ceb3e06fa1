"""Writes planned contacts: data, match, keys, merged rows. Opens no transaction and queries no roll."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from apps.contacts import serialization
from apps.contacts.dedupe import blocking_key_hashes, name_word_hashes
from apps.contacts.models import (
    FINAL_CORRECTIONS,
    Contact,
    ContactKey,
    ImportedRow,
    RowAssignment,
    Status,
)

from .plan import PlannedContact


def contact_expiry() -> datetime:
    """Return the expiry of a contact imported now."""
    return timezone.now() + timedelta(days=settings.CONTACT_DAYS)


MATCH_FIELDS = [
    *("correction", "status", "state", "districts"),
    *("matched_voter", "model_version", "matched_at"),
]


def apply_entry(entry: PlannedContact) -> None:
    """Copy match and data of an entry to its contact, without saving."""
    contact = entry.existing
    if contact is None:
        return
    contact.data = serialization.dump_contact(entry.contact)
    if entry.match is None:
        if entry.changed and contact.correction not in FINAL_CORRECTIONS:
            _clear_match(contact)
        return
    if contact.correction == Contact.Correction.NOT_THIS_PERSON and entry.match.status != Status.NOT_FOUND:
        contact.correction = Contact.Correction.NONE  # another voter than the rejected one
    contact.status, contact.state = entry.match.status, entry.match.state
    contact.districts = dict(entry.match.districts)
    contact.matched_voter, contact.model_version = entry.match.voter, entry.match.model_version
    contact.matched_at = timezone.now()


def _clear_match(contact: Contact) -> None:
    contact.status, contact.state, contact.districts = Status.WAITING, "", {}
    contact.matched_voter, contact.matched_at = "", None
    contact.model_version = ""


def write_keys(owner_id: int, entries: list[PlannedContact], *, fresh: bool = False) -> None:
    """Write missing blocking keys and name hashes of the entries; `fresh` contacts have none yet."""
    ids = [entry.existing.pk for entry in entries if entry.existing]
    present = set()
    if not fresh:
        rows = ContactKey.objects.filter(contact_id__in=ids).values_list("contact_id", "hash")
        present = {(contact_id, bytes(key)) for contact_id, key in rows}
    ContactKey.objects.bulk_create(
        ContactKey(contact_id=entry.existing.pk, owner_id=owner_id, hash=key)
        for entry in entries
        if entry.existing
        for key in (*blocking_key_hashes(owner_id, entry.contact), *name_word_hashes(owner_id, entry.contact.name))
        if (entry.existing.pk, key) not in present
    )


def delete_merged(entries: list[PlannedContact]) -> None:
    """Move the rows of merged contacts to the surviving one and delete them."""
    for entry in entries:
        if entry.merged_ids and entry.existing:
            ImportedRow.objects.filter(contact_id__in=entry.merged_ids).update(contact=entry.existing)
            RowAssignment.objects.filter(contact_id__in=entry.merged_ids).update(contact=entry.existing)
            Contact.objects.filter(pk__in=entry.merged_ids).only("pk").delete()
