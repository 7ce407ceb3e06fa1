"""Corrections by the owner, and added details that may settle who a contact is."""

from functools import partial

from django.utils.translation import gettext as _

from apps.contacts import matching as contact_matching
from apps.contacts import serialization
from apps.contacts.dedupe import apply_details, merge_contacts
from apps.contacts.models import Contact, Status
from apps.contacts.parsing import PostalPlace, RawContact
from apps.core.errors import Refused

from .. import locking, quotas
from ..imports.persistence import MATCH_FIELDS, apply_entry, write_keys
from ..imports.plan import PlannedContact

Correction = Contact.Correction


def correct(*, contact: Contact, correction: str) -> Contact:
    """Store a correction: reject the matched voter for good, stop matching, or mark the contact as oneself."""
    return locking.retry_on_conflict(partial(_correct, contact.pk, Correction(correction)))


def _correct(contact_id: int, correction: Correction) -> Contact:
    contact, generation = _reload(contact_id)
    with locking.change_at(contact.owner_id, generation):
        contact.correction = correction
        if correction == Correction.NOT_THIS_PERSON and contact.matched_voter:
            contact.rejected_voters = [*contact.rejected_voters, contact.matched_voter]
        if correction in {Correction.NOT_THIS_PERSON, Correction.CANNOT_FIND}:
            contact.status, contact.state, contact.districts = Status.NOT_FOUND, "", {}
            contact.matched_voter = ""
        contact.save(update_fields=["rejected_voters", *MATCH_FIELDS])
    return contact


def withdraw_correction(*, contact: Contact) -> Contact:
    """Remove a correction and match the contact as if it had never been made; raise Refused without a lookup left."""
    _spend_lookup(contact.owner_id)
    return locking.retry_on_conflict(partial(_withdraw_correction, contact.pk))


def _withdraw_correction(contact_id: int) -> Contact:
    contact, generation = _reload(contact_id)
    person = serialization.load_contact(contact.data)
    entry = PlannedContact(person, contact, person)
    entry.match = contact_matching.match_contacts(contact.owner_id, [person], [[]])[0]
    with locking.change_at(contact.owner_id, generation):
        contact.correction, contact.rejected_voters = Correction.NONE, []
        apply_entry(entry)
        contact.save(update_fields=["rejected_voters", *MATCH_FIELDS])
    return contact


def add_detail(*, contact: Contact, zip_code: str = "", birth_year: str = "", middle: str = "") -> Contact:
    """Store a ZIP code, birth year or middle name and match again.

    Raises Refused without a detail, for a deleted contact, and without a lookup left.
    """
    details = RawContact(middle=middle, birth_year=birth_year, places=(PostalPlace(zip=zip_code),) if zip_code else ())
    if details == RawContact():
        raise Refused(_("Type a ZIP code, a birth year or a middle name."))
    _spend_lookup(contact.owner_id)
    return locking.retry_on_conflict(partial(_add_detail, contact.pk, details))


def _add_detail(contact_id: int, details: RawContact) -> Contact:
    contact, generation = _reload(contact_id)
    previous = serialization.load_contact(contact.data)
    earlier_details = serialization.load_contact(contact.details) if contact.details else RawContact()
    all_details = merge_contacts(details, earlier_details)
    entry = PlannedContact(apply_details(previous, all_details), contact, previous)
    entry.match = contact_matching.match_contacts(contact.owner_id, [entry.contact], [contact.rejected_voters])[0]
    with locking.change_at(contact.owner_id, generation):
        contact.details = serialization.dump_contact(all_details)
        contact.correction = Correction.NONE
        apply_entry(entry)
        contact.save(update_fields=["data", "details", *MATCH_FIELDS])
        write_keys(contact.owner_id, [entry])
    return contact


def _spend_lookup(owner_id: int) -> None:
    if contact_matching.has_roll() and not quotas.spend_lookups(owner_id, 1):
        raise Refused(_("You have used the checks of 30 days. They come back day by day."))


def _reload(contact_id: int) -> tuple[Contact, int]:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise Refused(_("This contact is gone."))
    generation = locking.current_generation(contact.owner_id)
    contact.refresh_from_db()
    return contact, generation
