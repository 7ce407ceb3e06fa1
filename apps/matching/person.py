"""Input records, a query and a voter of the roll, and the normal form in which both are compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.matching.normalize import dates, emails, names, phones, places
from apps.matching.normalize.address import read_address
from apps.matching.normalize.address.columns import Doors, letters, street_codes, street_text
from apps.matching.normalize.text import hash64

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


class TypedPerson(NamedTuple):
    """A query: a person as entered. All fields are text, and any may be empty.

    `full_name` is read only if both `first_name` and `last_name` are empty. An empty state means every state.
    """

    full_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    suffix: str = ""
    dob: str = ""
    birth_year: str = ""
    sex: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""
    email: str = ""


class VoterRecord(NamedTuple):
    """A voter of the roll. All fields are text, and all but `voter_id` may be empty. The index has the state.

    The one definition of a voter's columns: roll layouts, snapshot files and search documents derive theirs from it.
    """

    voter_id: str
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    suffix: str = ""
    dob: str = ""
    birth_year: str = ""
    sex: str = ""
    address: str = ""
    city: str = ""
    zip: str = ""
    phone: str = ""
    email: str = ""
    status: str = ""


# Columns that a snapshot file stores as they are; phone and email go only to the index, status is stored separately.
STORED_FIELDS = tuple(f for f in VoterRecord._fields if f not in ("phone", "email", "status"))
SUFFIX_CODES = {"": 0, "JR": 1, "II": 2, "SR": 3, "III": 4, "IV": 5, "V": 6}
SEX_CODES = {"M": 1, "F": 2}


@dataclass(slots=True)
class Normal:
    """Normal forms of many people, one entry each; 0 and the empty text mean missing.

    `house` is the house number itself, or a hash with the top bit set if it does not consist of digits.
    """

    first: Sequence[str]
    middle: Sequence[str]
    last: Sequence[str]
    first_part: Sequence[str]
    last_part: Sequence[str]
    suffix: U8
    sex: U8
    year: U16
    month: U8
    day: U8
    house: U32
    street: Sequence[str]
    door: Doors
    city: Sequence[str]
    zip: U32
    phone: U64
    email: U64

    def __len__(self) -> int:
        return len(self.suffix)


def normalize(people: Sequence[TypedPerson] | Sequence[VoterRecord]) -> Normal:
    """Return the normal form of queries or voters; never raises, whatever a field contains.

    Works by column: one cached function over a column is three times as fast as one object per person.
    """
    name = _names(people)
    birth = [dates.lenient(p.dob, p.birth_year) for p in people]
    where = [read_address(p.address) for p in people]
    codes = [street_codes(w[2]) for w in where]
    return Normal(
        first=name.first,
        middle=name.middle,
        last=name.last,
        first_part=name.first_part,
        last_part=name.last_part,
        suffix=np.array([SUFFIX_CODES[x] for x in name.suffix], np.uint8),
        sex=np.array([SEX_CODES.get(p.sex[:1].upper(), 0) if p.sex else 0 for p in people], np.uint8),
        year=np.array([b[0] for b in birth], np.uint16),
        month=np.array([b[1] for b in birth], np.uint8),
        day=np.array([b[2] for b in birth], np.uint8),
        house=_numbers([w[0] for w in where]),
        street=[street_text(w) for w in where],
        door=Doors(
            letter=letters(where),
            unit=_numbers([w[3] for w in where]),
            course=np.array([c[0] for c in codes], np.uint8),
            kind=np.array([c[1] for c in codes], np.uint8),
        ),
        city=[places.city(p.city) if p.city else "" for p in people],
        zip=np.array([places.zip_code(p.zip) if p.zip else 0 for p in people], np.uint32),
        phone=np.array([phones.phone(p.phone) if p.phone else 0 for p in people], np.uint64),
        email=np.array([hash64(emails.mail(p.email)) if p.email else 0 for p in people], np.uint64),
    )


@dataclass(slots=True)
class _Names:
    """The fields of `names.Names` by column."""

    first: list[str]
    middle: list[str]
    last: list[str]
    first_part: list[str]
    last_part: list[str]
    suffix: list[str]


def _names(people: Sequence[TypedPerson] | Sequence[VoterRecord]) -> _Names:
    surnames = [names.surname(p.last_name) for p in people]
    last = [s[0] for s in surnames]
    givens = [names.given_with_suffix(p.first_name) for p in people]
    suffixes = [names.suffix(p.suffix) if p.suffix else "" for p in people]
    columns = _Names(
        first=[given[0] for given in givens],
        middle=[names.given(p.middle_name) for p in people],
        last=last,
        first_part=[x if " " not in x else x[: x.index(" ")] for x in last],
        last_part=[x if " " not in x else x[x.rindex(" ") + 1 :] for x in last],
        suffix=[x or s[1] or g[1] for x, s, g in zip(suffixes, surnames, givens, strict=True)],
    )
    for at, person in enumerate(people):
        if isinstance(person, TypedPerson) and person.full_name and not (person.first_name or person.last_name):
            whole = names.one_string(person.full_name)
            for field in names.Names._fields:
                getattr(columns, field)[at] = getattr(whole, field)
    return columns


def _numbers(texts: Iterable[str]) -> U32:
    """Return house and unit numbers as numbers, or as hashes above 2**31 if they contain letters."""
    return np.array([_number(x) if x else 0 for x in texts], np.uint32)


def _number(text: str) -> int:
    if text.isdigit() and len(text) <= 9:
        return int(text)
    if "-" in text:
        return _number(text.replace("-", ""))  # 34-56 and 3456 are the same number
    return (hash64(text) & 0x7FFFFFFF) | 0x80000000


# By ASCII code, the unit number of a letter: the A of 121A is the unit of 121 Apt A.
LETTER_UNITS = np.array([_number(chr(n)) if chr(n).isalpha() else 0 for n in range(128)], np.uint32)
