"""What Google People and Microsoft Graph call a contact, as ours. Pure functions: what comes over the wire is JSON.

One odd entry is one bad row. Photos and links are never asked for, so none is ever followed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from . import cleaning
from .types import MAX_VALUES, PostalPlace, RawContact, RowCollector

Entry = Mapping[str, Any]


EntryReader = Callable[[int, Entry], RawContact]


def read_entries(collector: RowCollector, entries: Iterable[Any], first: int, read: EntryReader) -> None:
    """Add the entries of one page; `first` is the number of the first one, from 1."""
    for number, entry in enumerate(entries, first):
        try:
            collector.add(read(number, entry))
        except (AttributeError, KeyError, TypeError, ValueError):
            collector.bad(number, _("This entry is not in a form that we know."), _("Add the person by hand."))


def read_google(line: int, entry: Entry) -> RawContact:
    """Return a person of the People API (personFields names, emailAddresses, phoneNumbers, addresses, birthdays)."""
    name = _primary(entry.get("names", ()))
    first, middle = cleaning.clean_text(name.get("givenName", "")), cleaning.clean_text(name.get("middleName", ""))
    last, suffix = (
        cleaning.clean_text(name.get("familyName", "")),
        cleaning.clean_suffix(name.get("honorificSuffix", "")),
    )
    if not first or not last:
        whole = cleaning.split_name(name.get("displayName", "") or f"{first} {last}")
        first, middle, last, suffix = whole[0], middle or whole[1], whole[2], suffix or whole[3]
    years = [str(one.get("date", {}).get("year", "")) for one in entry.get("birthdays", ())]
    return RawContact(
        line=line,
        first=first,
        middle=middle,
        last=last,
        suffix=suffix,
        emails=cleaning.clean_emails(one.get("value", "") for one in entry.get("emailAddresses", ())),
        phones=cleaning.clean_phones(
            one.get("canonicalForm") or one.get("value", "")
            for one in entry.get("phoneNumbers", ())
            if "fax" not in str(one.get("type", "")).lower()
        ),
        places=_unique_places([_google_place(one) for one in sorted(entry.get("addresses", ()), key=_address_rank)]),
        birth_year=next((year for text in years if (year := cleaning.birth_year(text))), ""),
    )


def _primary(entries: Sequence[Entry]) -> Entry:
    return next((one for one in entries if one.get("metadata", {}).get("primary")), entries[0] if entries else {})


ADDRESS_ORDER = {"home": 0, "": 1, "other": 2, "work": 3}


def _address_rank(one: Entry) -> int:
    return ADDRESS_ORDER.get(str(one.get("type", "")).lower(), 1)


def _google_place(one: Entry) -> PostalPlace:
    street = " ".join(part for part in (one.get("streetAddress", ""), one.get("extendedAddress", "")) if part)
    if not (street or one.get("city") or one.get("postalCode")):
        return cleaning.place_from_text(one.get("formattedValue", ""))
    country = one.get("country") or one.get("countryCode", "")
    return cleaning.clean_place(street, one.get("city", ""), one.get("region", ""), one.get("postalCode", ""), country)


def read_microsoft(line: int, entry: Entry) -> RawContact:
    """Return a contact of Microsoft Graph."""
    first, last = cleaning.clean_text(entry.get("givenName") or ""), cleaning.clean_text(entry.get("surname") or "")
    middle, suffix = (
        cleaning.clean_text(entry.get("middleName") or ""),
        cleaning.clean_suffix(entry.get("generation") or ""),
    )
    if not first or not last:
        whole = cleaning.split_name(entry.get("displayName") or entry.get("nickName") or f"{first} {last}")
        first, middle, last, suffix = whole[0], middle or whole[1], whole[2], suffix or whole[3]
    phones = [entry.get("mobilePhone"), *(entry.get("homePhones") or ()), *(entry.get("businessPhones") or ())]
    homes = [entry.get(name) or {} for name in ("homeAddress", "otherAddress", "businessAddress")]
    return RawContact(
        line=line,
        first=first,
        middle=middle,
        last=last,
        suffix=suffix,
        emails=cleaning.clean_emails(one.get("address") or "" for one in entry.get("emailAddresses") or ()),
        phones=cleaning.clean_phones(phone for phone in phones if phone),
        places=_unique_places([_graph_place(one) for one in homes]),
        birth_year=cleaning.birth_year(entry.get("birthday") or ""),
    )


def _graph_place(one: Entry) -> PostalPlace:
    parts = [one.get(name) or "" for name in ("street", "city", "state", "postalCode", "countryOrRegion")]
    return cleaning.clean_place(*parts)


def _unique_places(found: list[PostalPlace]) -> tuple[PostalPlace, ...]:
    return tuple(dict.fromkeys(place for place in found if any(place)))[:MAX_VALUES]
