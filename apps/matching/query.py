"""Prepare queries for one index: resolve strings to codes of its vocabularies, and derive blocking keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching import keys
from apps.matching.index import VoterIndex
from apps.matching.index.vocabulary import MappedVocabulary
from apps.matching.normalize.names import sound
from apps.matching.normalize.nicknames import MOST_ALTERNATIVES, head
from apps.matching.normalize.text import hash64
from apps.matching.person import U32, U64, Normal
from apps.matching.similarity import BESIDE

I64 = NDArray[np.int64]


@dataclass(slots=True)
class Texts:
    """A column of strings: `number` is the distinct text of each person, `code` the index's code of each distinct
    text.
    """

    number: I64
    text: list[str]
    code: I64

    @property
    def codes(self) -> I64:
        """For each person the code in the index, or UNKNOWN."""
        return self.code[self.number]

    def hashes(self, of: Callable[[str], str] = str) -> U64:
        """Return for each person the hash of the text, or of the result of `of` on it."""
        return np.array([hash64(of(t)) for t in self.text], np.uint64)[self.number]


def texts(column: Sequence[str], vocabulary: MappedVocabulary) -> Texts:
    """Resolve a column; each distinct text is looked up once."""
    seen: dict[str, int] = {}
    number = np.array([seen.setdefault(t, len(seen)) for t in column], np.int64)
    distinct = list(seen)
    return Texts(number, distinct, vocabulary.codes_of(np.array([hash64(t) for t in distinct], np.uint64)))


@dataclass(slots=True)
class Query:
    """Many queries, resolved for one index."""

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
    """Resolve every text of the queries in an index."""
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
    """Return positions of queries and their blocking keys, including those of nicknames and swapped names."""
    names, others = _blocking_names(index, query)
    parts = _parts(query, names)
    by_rule = [
        keys.keys_of(parts, index.state, index.rules),
        _by_first_part(index, query, parts),
        _by_other_names(index, parts, [hashes for hashes in others if hashes.any()]),
        _swapped(index, query, parts),
    ]
    return np.concatenate([p for p, _ in by_rule]), np.concatenate([k for _, k in by_rule])


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
    """Return the keys of each query's alternative names, in one call because calls cost more than their contents."""
    if not others:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint64)
    first, every = np.concatenate(others), parts.repeated(len(others))
    last, sounds = (np.where(first > 0, part, np.uint64(0)) for part in (every.last, every.sound))
    people, found_keys = keys.keys_of(
        every.replaced(first=first, last=last, sound=sounds), index.state, _WITH_OTHER_NAMES
    )
    return people % np.uint32(len(parts.first)), found_keys


def _blocking_names(index: VoterIndex, query: Query) -> tuple[list[str], list[U64]]:
    """Return for each distinct first name its blocking name, and the hashes of up to five alternatives per person."""
    filed = [index.blocking_name(head(t))[0] if t else "" for t in query.first.text]
    others = np.zeros((MOST_ALTERNATIVES + 1, len(filed)), np.uint64)
    for at, text in enumerate(query.first.text):
        names = index.blocking_name(head(text))[1] if text else []
        if " " in text:
            names = [index.blocking_name(text.replace(" ", ""))[0], *names]
        for row, name in enumerate(names):
            others[row, at] = hash64(name)
    return filed, list(others[:, query.first.number])


def _parts(query: Query, names: list[str]) -> keys.Parts:
    normal, number = query.normal, query.first.number
    return keys.Parts(
        dob=keys.dob_part(normal.year, normal.month, normal.day),
        year=normal.year.astype(np.uint64),
        first=np.array([hash64(f) for f in names], np.uint64)[number],
        initial=np.array([ord(f[0]) if f else 0 for f in names], np.uint64)[number],
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
    """Return the keys by the first part of a compound surname, or of what may be one in a full name."""
    pairs = zip(query.normal.first_part, query.normal.last_part, strict=True)
    other = [first if first != last else "" for first, last in pairs]
    hashes = np.array([hash64(t) for t in other], np.uint64)
    sounds = np.array([hash64(sound(t)) if t else 0 for t in other], np.uint64)
    numbers = keys.among(keys.BY_SURNAME, index.rules)
    return keys.keys_of(parts.replaced(last=hashes, sound=sounds), index.state, numbers)


def _swapped(index: VoterIndex, query: Query, parts: keys.Parts) -> tuple[U32, U64]:
    """Return the keys of a person whose first and last names are swapped."""
    first = np.array([hash64(index.blocking_name(head(t))[0]) if t else 0 for t in query.last.text], np.uint64)
    last, sounds = query.first.hashes(), query.first.hashes(sound)
    changed = parts.replaced(first=first[query.last.number], last=last, sound=sounds)
    return keys.keys_of(changed, index.state, keys.among(_WHEN_SWAPPED, index.rules))
