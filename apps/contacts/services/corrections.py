"""What an owner knows better than the roll, and one more detail that may settle it."""

from functools import partial

from django.utils.translation import gettext as _

from apps.contacts import matching as contact_matching
from apps.contacts import serialization
from apps.contacts.dedupe import apply_details, merge_contacts
from apps.contacts.models import Contact, Status
from apps.contacts.parsing import PostalPlace, RawContact
from apps.core.errors import Refused

from .. import locking, quotas
from ..imports.plan import PlannedContact
from ..imports.runner import MATCH_FIELDS, apply_entry, write_keys

Correction = Contact.Correction


def correct(*, contact: Contact, correction: str) -> Contact:
    """Keep a correction: the voter who answered is refused for ever, or the search given up, or it is me."""
    return locking.retry_on_conflict(partial(_correct, contact.pk, Correction(correction)))


def _correct(contact_id: int, correction: Correction) -> Contact:
    contact, planned_at = _reload(contact_id)
    with locking.change_at(contact.owner_id, planned_at):
        contact.correction = correction
        if correction == Correction.NOT_THIS_PERSON and contact.answered:
            contact.refused = [*contact.refused, contact.answered]
        if correction in {Correction.NOT_THIS_PERSON, Correction.CANNOT_FIND}:
            contact.status, contact.state, contact.districts, contact.why = Status.NOT_FOUND, "", {}, []
            contact.answered = ""
        contact.save(update_fields=["refused", *MATCH_FIELDS])
    return contact


def withdraw_correction(*, contact: Contact) -> Contact:
    """Forget a correction and look the contact up as if it had never been made."""
    return locking.retry_on_conflict(partial(_withdraw_correction, contact.pk))


def _withdraw_correction(contact_id: int) -> Contact:
    contact, planned_at = _reload(contact_id)
    person = serialization.load_contact(contact.data)
    entry = PlannedContact(person, contact, person)
    entry.found = contact_matching.match_contacts(contact.owner_id, [person], [[]])[0]
    with locking.change_at(contact.owner_id, planned_at):
        contact.correction, contact.refused = Correction.NONE, []
        apply_entry(entry)
        contact.save(update_fields=["refused", *MATCH_FIELDS])
    return contact


def add_detail(*, contact: Contact, zip_code: str = "", birth_year: str = "", middle: str = "") -> Contact:
    """Keep a ZIP, a birth year or a middle name and look again; Refused where the budget of this name is spent."""
    details = RawContact(middle=middle, birth_year=birth_year, places=(PostalPlace(zip=zip_code),) if zip_code else ())
    if details == RawContact():
        raise Refused(_("Type a ZIP code, a birth year or a middle name."))
    person = serialization.load_contact(contact.data)
    if contact_matching.has_roll() and not quotas.spend(owner_id=contact.owner_id, contacts=[person])[0]:
        raise Refused(_("You have used this week’s checks for this name. They come back day by day."))
    return locking.retry_on_conflict(partial(_add_detail, contact.pk, details))


def _add_detail(contact_id: int, details: RawContact) -> Contact:
    contact, planned_at = _reload(contact_id)
    before = serialization.load_contact(contact.data)
    earlier = serialization.load_contact(contact.details) if contact.details else RawContact()
    together = merge_contacts(details, earlier)
    entry = PlannedContact(apply_details(before, together), contact, before)
    entry.found = contact_matching.match_contacts(contact.owner_id, [entry.contact], [contact.refused])[0]
    with locking.change_at(contact.owner_id, planned_at):
        contact.details = serialization.dump_contact(together)
        contact.correction = Correction.NONE
        apply_entry(entry)
        contact.save(update_fields=["data", "details", *MATCH_FIELDS])
        write_keys(contact.owner_id, [entry])
    return contact


def _reload(contact_id: int) -> tuple[Contact, int]:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise Refused(_("This contact is gone."))
    planned_at = locking.current_generation(contact.owner_id)
    contact.refresh_from_db()
    return contact, planned_at
