"""Taking people apart who were joined by mistake. What the owner decided is pinned row by row, so that it stays."""

from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from apps.contacts import serialization
from apps.contacts.dedupe import fingerprint, merge_contacts
from apps.contacts.models import Contact, Import, ImportedRow, RowAssignment, Status
from apps.contacts.parsing import RawContact
from apps.core.errors import Refused

from .. import locking
from ..imports.plan import PlannedContact
from ..imports.runner import write_keys
from . import rechecks
from .erasure import rebuild_contact


@dataclass(frozen=True)
class MergedRow:
    """A row that became part of a contact: its sighting's number, its words, where it came from."""

    number: int
    text: str
    source: str


def merged_rows(contact: Contact) -> list[MergedRow]:
    """Return the different rows that a contact was joined from, each once, in the order in which they came."""
    found: dict[bytes, MergedRow] = {}
    for one in ImportedRow.objects.filter(contact=contact).select_related("of").order_by("pk"):
        person = serialization.load_contact(one.data)
        words = [person.name, *person.emails, *person.phones, person.where]
        source = one.of.file_name or Import.Kind(one.of.kind).label
        row = MergedRow(one.pk, ", ".join(word for word in words if word), str(source))
        found.setdefault(fingerprint(contact.owner_id, person), row)
    return list(found.values())


def split_contact(*, contact: Contact, sighting_id: int) -> Contact:
    """Make a contact of its own out of a row; Refused where the contact has no other row."""
    return locking.retry_on_conflict(partial(_split_contact, contact.pk, sighting_id))


def _split_contact(contact_id: int, sighting_id: int) -> Contact:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise Refused(_("This contact is gone."))
    owner_id, planned_at = contact.owner_id, locking.current_generation(contact.owner_id)
    rows = [
        (one, serialization.load_contact(one.data))
        for one in ImportedRow.objects.filter(contact=contact).order_by("pk")
    ]
    prints = {one.pk: fingerprint(owner_id, person) for one, person in rows}
    chosen = prints.get(sighting_id)
    going = [(one, person) for one, person in rows if prints[one.pk] == chosen]
    if not going or len(going) == len(rows):
        raise Refused(_("There is nothing to take apart here."))
    with locking.change_at(owner_id, planned_at):
        made = _new_contact(contact, [person for _one, person in going])
        ImportedRow.objects.filter(pk__in=[one.pk for one, _person in going]).update(contact=made)
        for sighting, _person in rows:
            owner_of_row = made if prints[sighting.pk] == chosen else contact
            RowAssignment.objects.update_or_create(
                owner_id=owner_id, row=prints[sighting.pk], defaults={"contact": owner_of_row}
            )
        contact.apart, contact.details = True, ""
        contact.save(update_fields=["apart", "details"])
        rebuild_contact(contact)
        rechecks.queue_recheck(owner_id, f"apart{made.pk}")
    return made


def _new_contact(contact: Contact, people: list[RawContact]) -> Contact:
    person = people[0]
    for other in people[1:]:
        person = merge_contacts(person, other)
    made = Contact.objects.create(
        owner_id=contact.owner_id,
        # Of the row and of whom it was taken from: the plain one may be the other contact's.
        fingerprint=fingerprint(
            contact.owner_id, RawContact(first=str(contact.pk), last=serialization.dump_contact(person))
        ),
        data=serialization.dump_contact(person),
        status=Status.WAITING,
        expires_at=contact.expires_at,
        apart=True,
    )
    write_keys(contact.owner_id, [PlannedContact(person, made)], fresh=True)
    return made
