"""Registers the personal data of contacts and imports: export, erasure and retention."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.privacy import registry as privacy

from . import serialization
from .imports import oauth_import
from .models import ColumnMapping, Contact, ContactsVersion, Import
from .services import erasure, opt_out


def _contact(contact: Contact) -> dict[str, Any]:
    person = serialization.load_contact(contact.data)
    return {
        "name": person.name,
        "emails": list(person.emails),
        "phones": list(person.phones),
        "places": [", ".join(part for part in place if part) for place in person.places],
        "birth_year": person.birth_year,
        "status": contact.status,
        "state": contact.state,
        "districts": contact.districts,
        "correction": contact.correction,
        "erased_at": contact.expires_at.isoformat(),
    }


def _import(contact_import: Import) -> dict[str, Any]:
    return {
        "file_name": contact_import.file_name,
        "kind": contact_import.kind,
        "state": contact_import.state,
        "people": contact_import.total,
        "bad_rows": contact_import.bad,
        "counts": contact_import.counts,
        "created_at": contact_import.created_at.isoformat(),
    }


def register_personal_data() -> None:
    """Register the models of this app; called by AppConfig.ready."""
    privacy.register(
        ColumnMapping,
        title=_("How you read the columns of your files"),
        owner="owner",
        row=lambda mapping: {"columns": mapping.fields},
        keep=_("Until your account goes"),
    )
    privacy.register(
        Import,
        title=_("The times you brought contacts"),
        owner="owner",
        row=_import,
        erase=erasure.erase_member,
        keep=_("Until your account goes; file names until the import is undone"),
    )
    privacy.register(
        Contact,
        title=_("Your contacts"),
        owner="owner",
        row=_contact,
        erase=lambda member: erasure.erase_all_contacts(owner=member),
        keep=_("30 days after you brought them last, unless the site says otherwise"),
    )
    privacy.not_personal(ContactsVersion, "A counter of changes and the day of a re-check; it goes with the contacts.")
    privacy.register_retention("contacts", days=30, purge=erasure.purge_expired)
    privacy.register_retention("contacts.revocations", days=1, purge=oauth_import.purge_revocations)
    privacy.register_retention("contacts.opt_out_requests", days=opt_out.REQUEST_DAYS, purge=opt_out.purge_requests)
