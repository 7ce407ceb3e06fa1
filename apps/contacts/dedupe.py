"""Deduplicates contacts: blocking keys, the pairwise decision, and the merge. No database access.

The rules prefer two contacts for one person over one contact for two: a couple that shares an email address stays a
couple.
"""

import re
import unicodedata
from dataclasses import replace
from functools import cache, lru_cache

from django.conf import settings
from nicknames import NickNamer

from apps.core.crypto import keyed_hash

from .parsing.types import MAX_VALUES, PostalPlace, RawContact

MAX_SEARCH_WORDS = 6


@lru_cache(8192)
def normalize_text(text: str) -> str:
    """Return text in lower case without accents and punctuation, words separated by single spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(s for s in plain if not unicodedata.combining(s))))


def phone_digits(phone: str) -> str:
    """Return the digits of a phone number."""
    return "".join(sign for sign in phone if sign.isdigit())


def owner_hash(owner_id: int, kind: str, *parts: str) -> bytes:
    """Return a keyed hash salted with the owner, so that two members' contacts never share a hash."""
    return keyed_hash(settings.CONTACT_KEY, str(owner_id), kind, *parts)


def name_key(contact: RawContact) -> str:
    """Return normalized first and last name, joined by `|`."""
    return f"{normalize_text(contact.first).replace(' ', '')}|{normalize_text(contact.last).replace(' ', '')}"


def blocking_keys(contact: RawContact) -> list[tuple[str, ...]]:
    """Return the blocking keys of a contact: two contacts are compared only if they share one.

    Emails, phones, and name with street; without any of them, name with ZIP code or city and birth year.
    """
    name = name_key(contact)
    keys: list[tuple[str, ...]] = [("mail", email) for email in contact.emails]
    keys += [("phone", phone_digits(phone)) for phone in contact.phones]
    if name != "|":
        keys += [("place", name, *_place_key(place)) for place in contact.places if place.street]
        if not keys:
            place = contact.places[0] if contact.places else PostalPlace()
            keys.append(("name", name, *_place_key(place), contact.birth_year))
    return list(dict.fromkeys(keys))


def blocking_key_hashes(owner_id: int, contact: RawContact) -> list[bytes]:
    """Return the hashes under which the database stores the blocking keys of a contact."""
    return [owner_hash(owner_id, *key) for key in blocking_keys(contact)]


def name_word_hashes(owner_id: int, text: str) -> list[bytes]:
    """Return the hashes of the words of a name, for search by the owner."""
    return [owner_hash(owner_id, "word", word) for word in dict.fromkeys(normalize_text(text).split())][
        :MAX_SEARCH_WORDS
    ]


def _place_key(place: PostalPlace) -> tuple[str, str]:
    return normalize_text(place.street), place.zip[:5] or normalize_text(place.city)


def fingerprint(owner_id: int, contact: RawContact) -> bytes:
    """Return the hash of every value of a contact but its line: identical rows are one contact."""
    data = contact.to_data()
    data.pop("l", None)
    return owner_hash(owner_id, "row", repr(sorted(data.items())))


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


@lru_cache(4096)
def first_names_match(first: str, second: str) -> bool:
    """Return whether two first names may belong to one person: equal, an initial, a short form or a nickname."""
    short, long = sorted((normalize_text(first).replace(" ", ""), normalize_text(second).replace(" ", "")), key=len)
    if long.startswith(short) and (len(short) < 2 or len(short) > 2 or short == long):
        return True
    formal = {short, *_nicknames().canonicals_of(short)} & {long, *_nicknames().canonicals_of(long)}
    return bool(formal)


def may_be_same_person(first: RawContact, second: RawContact) -> bool:
    """Return whether two contacts that share a blocking key may describe one person."""
    if first.suffix and second.suffix and first.suffix != second.suffix:
        return False
    if first.birth_year and second.birth_year and first.birth_year != second.birth_year:
        return False
    if not (first.first or first.last) or not (second.first or second.last):
        return True
    if first.first and second.first and not first_names_match(first.first, second.first):
        return False
    if set(first.emails) & set(second.emails):
        return True  # surnames change more often than email addresses
    return not first.last or not second.last or normalize_text(first.last) == normalize_text(second.last)


def merge_contacts(earlier: RawContact, later: RawContact) -> RawContact:
    """Return one contact from two: the name of the earlier one, all other values from both."""
    return RawContact(
        line=earlier.line,
        first=later.first if len(earlier.first) < 2 and later.first else earlier.first,
        middle=earlier.middle or later.middle,
        last=earlier.last or later.last,
        suffix=earlier.suffix or later.suffix,
        emails=_merge_values(earlier.emails, later.emails),
        phones=_merge_values(earlier.phones, later.phones),
        places=tuple(dict.fromkeys((*earlier.places, *later.places)))[:MAX_VALUES],
        birth_year=earlier.birth_year or later.birth_year,
    )


def apply_details(contact: RawContact, details: RawContact) -> RawContact:
    """Return a contact with the details that its owner added by hand, which win over imported values."""
    places = contact.places
    if details.places and (not places or places[0].zip[:5] != details.places[0].zip[:5]):
        first = places[0] if places else PostalPlace()
        completed = first._replace(zip=details.places[0].zip)
        places = (completed, *places[1:]) if not first.zip else (details.places[0], *places)
    return replace(
        contact,
        middle=details.middle or contact.middle,
        birth_year=details.birth_year or contact.birth_year,
        places=places[:MAX_VALUES],
    )


def _merge_values(earlier: tuple[str, ...], later: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*earlier, *later)))[:MAX_VALUES]


def opt_out_hash(kind: str, value: str) -> bytes:
    """Return the hash that keeps an email address or phone number out of every member's contacts."""
    return keyed_hash(settings.CONTACT_KEY, "opt-out", kind, value if kind == "mail" else phone_digits(value))
