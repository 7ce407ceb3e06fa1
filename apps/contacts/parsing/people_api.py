"""Converts entries of Google People and Microsoft Graph to contacts. Pure functions on decoded JSON.

A malformed entry is one bad row. Photos and links are never requested or followed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.matching.normalize.person_names import EntryKind, kind_of_entry

from . import cleaning
from .contact_names import read_contact_name
from .phones import clean_phones
from .types import MAX_VALUES, PostalPlace, RawContact, RowCollector

Entry = Mapping[str, Any]


GOOGLE_NAME = ("givenName", "middleName", "familyName", "honorificSuffix", "displayName")
MICROSOFT_NAME = ("givenName", "middleName", "surname", "generation", "displayName")
EntryReader = Callable[[int, Entry], RawContact]


def read_entries(collector: RowCollector, entries: Iterable[Any], first: int, read: EntryReader) -> None:
    """Add the entries of one page; `first` is the number of its first entry, from 1."""
    for number, entry in enumerate(entries, first):
        try:
            kind, name = _kind(entry)
            if kind is EntryKind.PERSON:
                collector.add(read(number, entry))
            else:
                collector.skip(number, kind, name)
        except (AttributeError, KeyError, TypeError, ValueError):
            collector.bad(number, _("This entry is not in a form that we know."), _("Add the person by hand."))


def _kind(entry: Entry) -> tuple[EntryKind, str]:
    """Return what an entry of either provider stands for, and its name, where that is not in parts."""
    written = _primary(entry.get("names", ()))
    first, last = (
        written.get("givenName") or entry.get("givenName"),
        written.get("familyName") or entry.get("surname"),
    )
    if first and last:
        return EntryKind.PERSON, ""
    name = str(written.get("displayName") or entry.get("displayName") or first or last or "")
    company = str(_primary(entry.get("organizations", ())).get("name") or entry.get("companyName") or "")
    if company and not (first or last) and name.casefold() in ("", company.casefold()):
        return EntryKind.ORGANIZATION, company
    return kind_of_entry(name), name


def read_google(line: int, entry: Entry) -> RawContact:
    """Return the contact of a People API person (names, emailAddresses, phoneNumbers, addresses, birthdays)."""
    written = _primary(entry.get("names", ()))
    first, middle, last, suffix, whole = (written.get(key, "") for key in GOOGLE_NAME)
    name = read_contact_name(first, middle, last, suffix, whole)
    years = [str(item.get("date", {}).get("year", "")) for item in entry.get("birthdays", ())]
    return RawContact(
        line=line,
        first=name.first,
        middle=name.middle,
        last=name.last,
        suffix=name.suffix,
        emails=cleaning.clean_emails(item.get("value", "") for item in entry.get("emailAddresses", ())),
        phones=clean_phones(
            item.get("canonicalForm") or item.get("value", "")
            for item in entry.get("phoneNumbers", ())
            if "fax" not in str(item.get("type", "")).lower()
        ),
        places=_unique_places([_google_place(item) for item in sorted(entry.get("addresses", ()), key=_address_rank)]),
        birth_year=next((year for year in years if year), ""),
    )


def _primary(entries: Sequence[Entry]) -> Entry:
    return next((entry for entry in entries if entry.get("metadata", {}).get("primary")), entries[0] if entries else {})


ADDRESS_ORDER = {"home": 0, "": 1, "other": 2, "work": 3}


def _address_rank(address: Entry) -> int:
    return ADDRESS_ORDER.get(str(address.get("type", "")).lower(), 1)


def _google_place(address: Entry) -> PostalPlace:
    street = " ".join(part for part in (address.get("streetAddress", ""), address.get("extendedAddress", "")) if part)
    if not (street or address.get("city") or address.get("postalCode")):
        return cleaning.place_from_text(address.get("formattedValue", ""))
    country = address.get("country") or address.get("countryCode", "")
    return cleaning.clean_place(
        street, address.get("city", ""), address.get("region", ""), address.get("postalCode", ""), country
    )


def read_microsoft(line: int, entry: Entry) -> RawContact:
    """Return the contact of a Microsoft Graph contact."""
    first, middle, last, suffix, whole = (entry.get(key) or "" for key in MICROSOFT_NAME)
    name = read_contact_name(first, middle, last, suffix, whole or entry.get("nickName") or "")
    phones = [entry.get("mobilePhone"), *(entry.get("homePhones") or ()), *(entry.get("businessPhones") or ())]
    homes = [entry.get(name) or {} for name in ("homeAddress", "otherAddress", "businessAddress")]
    return RawContact(
        line=line,
        first=name.first,
        middle=name.middle,
        last=name.last,
        suffix=name.suffix,
        emails=cleaning.clean_emails(item.get("address") or "" for item in entry.get("emailAddresses") or ()),
        phones=clean_phones(phone for phone in phones if phone),
        places=_unique_places([_graph_place(item) for item in homes]),
        birth_year=(entry.get("birthday") or "")[:4],
    )


def _graph_place(address: Entry) -> PostalPlace:
    parts = [address.get(name) or "" for name in ("street", "city", "state", "postalCode", "countryOrRegion")]
    return cleaning.clean_place(*parts)


def _unique_places(places: list[PostalPlace]) -> tuple[PostalPlace, ...]:
    return tuple(dict.fromkeys(place for place in places if any(place)))[:MAX_VALUES]
