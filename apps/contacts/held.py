"""What is held about a member here: how it leaves with them, how it goes, until when it is kept."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.records import personal

from . import stored
from .models import Book, Budget, ColumnMapping, Contact, Import
from .services import budgets, erasing, grants, optouts


def _contacts(member: Any) -> Iterator[dict[str, Any]]:
    for contact in Contact.objects.of(member).order_by("pk").iterator(chunk_size=500):
        person = stored.from_text(contact.data)
        yield {
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


def _imports(member: Any) -> Iterator[dict[str, Any]]:
    for one in Import.objects.of(member).order_by("pk"):
        yield {
            "file_name": one.file_name,
            "kind": one.kind,
            "state": one.state,
            "people": one.total,
            "bad_rows": one.bad,
            "counts": one.counts,
            "created_at": one.created_at.isoformat(),
        }


def _mappings(member: Any) -> Iterator[dict[str, Any]]:
    for mapping in ColumnMapping.objects.filter(owner=member):
        yield {"columns": mapping.fields}


def register() -> None:
    """Fill the registry of personal data; called in AppConfig.ready."""
    personal.register(
        ColumnMapping,
        title=_("How you read the columns of your files"),
        export=_mappings,
        erase=lambda member: ColumnMapping.objects.filter(owner=member).delete()[0],
        keep=_("Until your account goes"),
    )
    personal.register(
        Import,
        title=_("The times you brought contacts"),
        export=_imports,
        erase=erasing.erase_member,
        keep=_("Until your account goes; file names until the import is undone"),
    )
    personal.register(
        Contact,
        title=_("Your contacts"),
        export=_contacts,
        erase=lambda member: erasing.forget_all(owner=member),
        keep=_("30 days after you brought them last, unless the site says otherwise"),
    )
    personal.not_personal(Book, "A counter of changes; it goes with the contacts.")
    personal.not_personal(Budget, "Counts of look-ups under keyed hashes; each goes after a week.")
    personal.register_retention("contacts", days=30, purge=erasing.purge_expired)
    personal.register_retention("contacts.budgets", days=7, purge=lambda _before: budgets.forget_old())
    personal.register_retention("contacts.revocations", days=1, purge=grants.forget_old)
    personal.register_retention("contacts.opt_out_requests", days=optouts.REQUEST_DAYS, purge=optouts.forget_requests)
