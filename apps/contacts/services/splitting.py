"""Splits people who were merged by mistake. The decision is stored row by row, so that a new import respects it."""

from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from apps.contacts import serialization
from apps.contacts.dedupe import fingerprint, merge_contacts
from apps.contacts.models import Contact, Import, ImportedRow, RowAssignment, Status
from apps.contacts.parsing import RawContact
from apps.core.errors import Refused

from .. import locking
from ..imports.persistence import write_keys
from ..imports.plan import PlannedContact
from . import rechecks
from .erasure import rebuild_contact


@dataclass(frozen=True)
class MergedRow:
    """Describe a row that was merged into a contact: its id, its text and its source."""

    number: int
    text: str
    source: str


def merged_rows(contact: Contact) -> list[MergedRow]:
    """Return the distinct rows that a contact was merged from, in order of import."""
    rows_by_fingerprint: dict[bytes, MergedRow] = {}
    for imported_row in ImportedRow.objects.filter(contact=contact).select_related("contact_import").order_by("pk"):
        person = serialization.load_contact(imported_row.data)
        values = [person.name, *person.emails, *person.phones, person.where]
        source = imported_row.contact_import.file_name or Import.Kind(imported_row.contact_import.kind).label
        row = MergedRow(imported_row.pk, ", ".join(value for value in values if value), str(source))
        rows_by_fingerprint.setdefault(fingerprint(contact.owner_id, person), row)
    return list(rows_by_fingerprint.values())


def split_contact(*, contact: Contact, row_id: int) -> Contact:
    """Move a row into a contact of its own; raise Refused if the contact has no other row."""
    return locking.retry_on_conflict(partial(_split_contact, contact.pk, row_id))


def _split_contact(contact_id: int, row_id: int) -> Contact:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise Refused(_("This contact is gone."))
    owner_id, generation = contact.owner_id, locking.current_generation(contact.owner_id)
    rows = [
        (imported_row, serialization.load_contact(imported_row.data))
        for imported_row in ImportedRow.objects.filter(contact=contact).order_by("pk")
    ]
    fingerprints = {imported_row.pk: fingerprint(owner_id, person) for imported_row, person in rows}
    chosen = fingerprints.get(row_id)
    moving = [(imported_row, person) for imported_row, person in rows if fingerprints[imported_row.pk] == chosen]
    if not moving or len(moving) == len(rows):
        raise Refused(_("There is nothing to take apart here."))
    with locking.change_at(owner_id, generation):
        new_contact = _new_contact(contact, [person for _row, person in moving])
        ImportedRow.objects.filter(pk__in=[imported_row.pk for imported_row, _person in moving]).update(
            contact=new_contact
        )
        for imported_row, _person in rows:
            owner_of_row = new_contact if fingerprints[imported_row.pk] == chosen else contact
            RowAssignment.objects.update_or_create(
                owner_id=owner_id, row=fingerprints[imported_row.pk], defaults={"contact": owner_of_row}
            )
        contact.never_merge, contact.details = True, ""
        contact.save(update_fields=["never_merge", "details"])
        rebuild_contact(contact)
        rechecks.queue_recheck(owner_id, f"apart{new_contact.pk}")
    return new_contact


def _new_contact(contact: Contact, people: list[RawContact]) -> Contact:
    person = people[0]
    for other in people[1:]:
        person = merge_contacts(person, other)
    new_contact = Contact.objects.create(
        owner_id=contact.owner_id,
        # Includes the original contact, whose fingerprint may equal that of the row.
        fingerprint=fingerprint(
            contact.owner_id, RawContact(first=str(contact.pk), last=serialization.dump_contact(person))
        ),
        data=serialization.dump_contact(person),
        status=Status.WAITING,
        expires_at=contact.expires_at,
        never_merge=True,
    )
    write_keys(contact.owner_id, [PlannedContact(person, new_contact)], fresh=True)
    return new_contact
