"""Typed people made ready to meet one index: strings as codes of its vocabularies, and the keys to look
up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching import keys
from apps.matching.index import VoterIndex
from apps.matching.index.vocabulary import Standing
from apps.matching.normalize.names import sound
from apps.matching.normalize.nicknames import MOST_ALTERNATIVES, head
from apps.matching.normalize.text import hash64
from apps.matching.person import U32, U64, Normal
from apps.matching.similarity import BESIDE

I64 = NDArray[np.int64]


@dataclass(slots=True)
class Texts:
    """One column of strings: for each person the number of a distinct text; for each text its code in the
    index.
    """

    number: I64
    text: list[str]
    code: I64

    @property
    def codes(self) -> I64:
        """For each person the code in the index, or UNKNOWN."""
        return self.code[self.number]

    def hashes(self, of: Callable[[str], str] = str) -> U64:
        """For each person the hash of the text, or of what `of` makes of it."""
        return np.array([hash64(of(t)) for t in self.text], np.uint64)[self.number]


def texts(column: Sequence[str], vocabulary: Standing) -> Texts:
    """Resolves a column; each distinct text is looked up once."""
    seen: dict[str, int] = {}
    number = np.array([seen.setdefault(t, len(seen)) for t in column], np.int64)
    found = list(seen)
    return Texts(number, found, vocabulary.codes_of(np.array([hash64(t) for t in found], np.uint64)))


@dataclass(slots=True)
class Query:
    """Many typed people, resolved for one index."""

    normal: Normal
    first: Texts
    middle: Texts
    last: Texts
    compared_last: Texts
    street: Texts
    city: Texts

    def __len__(self) -> int:
        return len(self.normal)


def resolve(index: VoterIndex, normal: Normal) -> Query:
    """Looks every text of typed people up in an index."""
    last = texts(normal.last, index.names)
    beside = [
        f"{part}{BESIDE}{name}" if part != name and " " not in name else name
        for part, name in zip(normal.first_part, normal.last, strict=True)
    ]
    return Query(
        normal=normal,
        first=texts(normal.first, index.names),
        middle=texts(normal.middle, index.names),
        last=last,
        compared_last=texts(beside, index.names),
        street=texts(normal.street, index.streets),
        city=texts(normal.city, index.cities),
    )


def query_keys(index: VoterIndex, query: Query) -> tuple[U32, U64]:
    """The people (by position) and the keys under which each may be filed, nicknames and swapped names
    included.
    """
    filed, others = _filed_names(index, query)
    parts = _parts(query, filed)
    found = [
        keys.keys_of(parts, index.state, index.roads),
        _by_first_part(index, query, parts),
        _by_other_names(index, parts, [names for names in others if names.any()]),
        _swapped(index, query, parts),
    ]
    return np.concatenate([p for p, _ in found]), np.concatenate([k for _, k in found])


_WITH_OTHER_NAMES = (
    keys.DOB_FIRST,
    keys.SOUND_FIRST_YEAR,
    keys.LAST_FIRST_CITY,
    keys.SOUND_FIRST_CITY,
    keys.SOUND_FIRST_ZIP3,
    keys.LAST_FIRST,
)
_WHEN_SWAPPED = (keys.DOB_SOUND, keys.SOUND_FIRST_YEAR, keys.LAST_FIRST_CITY, keys.FIRST_STREET)


def _by_other_names(index: VoterIndex, parts: keys.Parts, others: list[U64]) -> tuple[U32, U64]:
    """Keys under the other names of each person; all rounds at once, for a call costs more than what one asks for."""
    if not others:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint64)
    first, every = np.concatenate(others), parts.times(len(others))
    last, sounds = (np.where(first > 0, part, np.uint64(0)) for part in (every.last, every.sound))
    people, made = keys.keys_of(every.but(first=first, last=last, sound=sounds), index.state, _WITH_OTHER_NAMES)
    return people % np.uint32(len(parts.first)), made


def _filed_names(index: VoterIndex, query: Query) -> tuple[list[str], list[U64]]:
    """For each distinct first name the name it is filed under, and the hashes of up to five others per
    person.
    """
    filed = [index.filing(head(t))[0] if t else "" for t in query.first.text]
    others = np.zeros((MOST_ALTERNATIVES + 1, len(filed)), np.uint64)
    for at, text in enumerate(query.first.text):
        names = index.filing(head(text))[1] if text else []
        if " " in text:
            names = [index.filing(text.replace(" ", ""))[0], *names]
        for row, name in enumerate(names):
            others[row, at] = hash64(name)
    return filed, list(others[:, query.first.number])


def _parts(query: Query, filed: list[str]) -> keys.Parts:
    normal, number = query.normal, query.first.number
    return keys.Parts(
        dob=keys.dob_part(normal.year, normal.month, normal.day),
        year=normal.year.astype(np.uint64),
        first=np.array([hash64(f) for f in filed], np.uint64)[number],
        initial=np.array([ord(f[0]) if f else 0 for f in filed], np.uint64)[number],
        last=query.last.hashes(_last_part),
        sound=query.last.hashes(lambda t: sound(_last_part(t))),
        zip=normal.zip.astype(np.uint64),
        zip3=keys.zip3_part(normal.zip),
        city=query.city.hashes(),
        house=normal.house.astype(np.uint64),
        street=query.street.hashes(),
        phone=normal.phone,
        email=normal.email,
    )


def _last_part(surname: str) -> str:
    return surname.rpartition(" ")[2]


def _by_first_part(index: VoterIndex, query: Query, parts: keys.Parts) -> tuple[U32, U64]:
    """Keys by the first part of a compound surname, or by what may be one in a name typed in one string."""
    pairs = zip(query.normal.first_part, query.normal.last_part, strict=True)
    other = [first if first != last else "" for first, last in pairs]
    hashes = np.array([hash64(t) for t in other], np.uint64)
    sounds = np.array([hash64(sound(t)) if t else 0 for t in other], np.uint64)
    numbers = keys.among(keys.BY_SURNAME, index.roads)
    return keys.keys_of(parts.but(last=hashes, sound=sounds), index.state, numbers)


def _swapped(index: VoterIndex, query: Query, parts: keys.Parts) -> tuple[U32, U64]:
    """Keys of the person whose first and last name were typed in each other's place."""
    first = np.array([hash64(index.filing(head(t))[0]) if t else 0 for t in query.last.text], np.uint64)
    last, sounds = query.first.hashes(), query.first.hashes(sound)
    changed = parts.but(first=first[query.last.number], last=last, sound=sounds)
    return keys.keys_of(changed, index.state, keys.among(_WHEN_SWAPPED, index.roads))
