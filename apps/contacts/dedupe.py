"""Who is the same person: keys under which rows meet, when two of them may be one, and how they fold into one.

The rules lean to keeping two people apart: a couple that shares a mail address stays a couple.
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
    """Return text without accents, signs and case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(s for s in plain if not unicodedata.combining(s))))


def phone_digits(phone: str) -> str:
    """Return the digits of a phone number; those of E.164 where it is."""
    return "".join(sign for sign in phone if sign.isdigit())


def owner_hash(owner_id: int, kind: str, *parts: str) -> bytes:
    """Return the keyed hash of something of one owner's contacts."""
    return keyed_hash(settings.CONTACT_KEY, str(owner_id), kind, *parts)


def name_key(contact: RawContact) -> str:
    """Return first and last name in the form in which names are compared."""
    return f"{normalize_text(contact.first).replace(' ', '')}|{normalize_text(contact.last).replace(' ', '')}"


def blocking_keys(contact: RawContact) -> list[tuple[str, ...]]:
    """Return what another row about the same person could share with this one."""
    name = name_key(contact)
    found: list[tuple[str, ...]] = [("mail", mail) for mail in contact.emails]
    found += [("phone", phone_digits(phone)) for phone in contact.phones]
    if name != "|":
        found += [("place", name, *_place_key(place)) for place in contact.places if place.street]
        if not found:
            place = contact.places[0] if contact.places else PostalPlace()
            found.append(("name", name, *_place_key(place), contact.birth_year))
    return list(dict.fromkeys(found))


def blocking_key_hashes(owner_id: int, contact: RawContact) -> list[bytes]:
    """Return the hashes under which another row about the same person is found in the database."""
    return [owner_hash(owner_id, *point) for point in blocking_keys(contact)]


def name_word_hashes(owner_id: int, text: str) -> list[bytes]:
    """Return the hashes of the words of a name, by which its owner searches."""
    return [owner_hash(owner_id, "word", word) for word in dict.fromkeys(normalize_text(text).split())][
        :MAX_SEARCH_WORDS
    ]


def _place_key(place: PostalPlace) -> tuple[str, str]:
    return normalize_text(place.street), place.zip[:5] or normalize_text(place.city)


def fingerprint(owner_id: int, contact: RawContact) -> bytes:
    """Return the hash of all a row says: the same row is never two contacts."""
    data = contact.to_data()
    data.pop("l", None)
    return owner_hash(owner_id, "row", repr(sorted(data.items())))


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


@lru_cache(4096)
def first_names_match(one: str, two: str) -> bool:
    """Return whether two first names may be one person's: equal, an initial, a short form, a nickname."""
    short, long = sorted((normalize_text(one).replace(" ", ""), normalize_text(two).replace(" ", "")), key=len)
    if long.startswith(short) and (len(short) < 2 or len(short) > 2 or short == long):
        return True
    formal = {short, *_nicknames().canonicals_of(short)} & {long, *_nicknames().canonicals_of(long)}
    return bool(formal)


def may_be_same_person(one: RawContact, two: RawContact) -> bool:
    """Return whether two rows that meet under a key may speak of one person."""
    if one.suffix and two.suffix and one.suffix != two.suffix:
        return False
    if one.birth_year and two.birth_year and one.birth_year != two.birth_year:
        return False
    if not (one.first or one.last) or not (two.first or two.last):
        return True
    if one.first and two.first and not first_names_match(one.first, two.first):
        return False
    if set(one.emails) & set(two.emails):
        return True  # a surname may change, the mail address stayed
    return not one.last or not two.last or normalize_text(one.last) == normalize_text(two.last)


def merge_contacts(one: RawContact, two: RawContact) -> RawContact:
    """Return one contact of two rows: the earlier one's name, the rest from both."""
    return RawContact(
        line=one.line,
        first=two.first if len(one.first) < 2 and two.first else one.first,
        middle=one.middle or two.middle,
        last=one.last or two.last,
        suffix=one.suffix or two.suffix,
        emails=_merge_values(one.emails, two.emails),
        phones=_merge_values(one.phones, two.phones),
        places=tuple(dict.fromkeys((*one.places, *two.places)))[:MAX_VALUES],
        birth_year=one.birth_year or two.birth_year,
    )


def apply_details(contact: RawContact, details: RawContact) -> RawContact:
    """Return a contact with what its owner added by hand, which beats what the rows said."""
    places = contact.places
    if details.places and (not places or places[0].zip[:5] != details.places[0].zip[:5]):
        first = places[0] if places else PostalPlace()
        kept = first._replace(zip=details.places[0].zip)
        places = (kept, *places[1:]) if not first.zip else (details.places[0], *places)
    return replace(
        contact,
        middle=details.middle or contact.middle,
        birth_year=details.birth_year or contact.birth_year,
        places=places[:MAX_VALUES],
    )


def _merge_values(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *two)))[:MAX_VALUES]


def opt_out_hash(kind: str, value: str) -> bytes:
    """Return the hash under which a mail address or phone number stays out of everybody's contacts."""
    return keyed_hash(settings.CONTACT_KEY, "opt-out", kind, value if kind == "mail" else phone_digits(value))
