"""Frequencies over everything that is searched: one index, or several where a person gave no state.

Two records that are alike in two states must weigh alike, so a name's frequency is counted over both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.index import VoterIndex
from apps.matching.index.vocabulary import Standing
from apps.matching.normalize.nicknames import head
from apps.matching.normalize.text import hash64
from apps.matching.person import U32, U64, Normal
from apps.matching.query import Texts

Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Distinct:
    """The distinct texts of a column as hashes, and which of them each person has."""

    number: NDArray[np.int64]
    hashes: U64
    given: NDArray[np.bool_]


def _distinct(column: Sequence[str]) -> _Distinct:
    seen: dict[str, int] = {}
    number = np.array([seen.setdefault(t, len(seen)) for t in column], np.int64)
    hashes = np.array([hash64(t) for t in seen], np.uint64)
    return _Distinct(number, hashes, (hashes != 0)[number])


class Pool:
    """The indexes that one person's question goes to, and how common values are in them together."""

    def __init__(self, indexes: Sequence[VoterIndex]) -> None:
        self.indexes = tuple(indexes)
        self.voters = max(sum(i.voters for i in indexes), 1)

    def log_name(self, index: VoterIndex, codes: U32, column: str) -> Floats:
        """Logarithm of the share of voters with the names of `codes`; `column` as in layout.NAME_COUNTS."""
        counts = index.name_counts[column][codes].astype(np.int64)
        for other, found, at in self._elsewhere(index, index.names, "names", codes):
            counts += np.where(found >= 0, other.name_counts[column][found], 0)[at]
        return self._log(counts)

    def typed_counts(self, texts: Texts, column: str) -> NDArray[np.int64]:
        """How many voters have each distinct typed name."""
        hashes = np.array([hash64(head(t) if column == "first" else t) for t in texts.text], np.uint64)
        counts = np.zeros(len(hashes), np.int64)
        for index in self.indexes:
            found = index.names.codes_of(hashes)
            counts += np.where(found > 0, index.name_counts[column][found], 0)
        return counts

    def kin(self, normal: Normal) -> Floats:
        """For each person how much oftener than by chance a voter's relative has the typed surname at the typed place.

        n(surname, place) N / (n(surname) n(place)); 1 where no place is typed, or a street: who lives behind the
        typed door is among the candidates.
        """
        last, city = _distinct(normal.last), _distinct(normal.city)
        zips = normal.zip
        here, surname, place = (np.zeros(len(normal), np.int64) for _ in range(3))
        for index in self.indexes:
            lasts, cities = (
                index.names.codes_of(last.hashes)[last.number],
                index.cities.codes_of(city.hashes)[city.number],
            )
            known = np.maximum(lasts, 0)
            surname += np.where(lasts > 0, index.name_counts["last"][known], 0)
            in_city = index.by_city.count_in(known, cities)
            here += np.where(lasts > 0, np.where(zips > 0, index.by_zip.count_in(known, zips), in_city), 0)
            place += np.where(zips > 0, index.zips.count(zips), index.city_counts[cities])
        placed = ((zips > 0) | (city.given)) & (surname > 0) & (place > 0)
        placed &= np.array([not street for street in normal.street])
        return np.where(placed, here * float(self.voters) / np.maximum(surname * place, 1), 1.0)

    def commonness(self, index: VoterIndex, rows: U32) -> Floats:
        """How common each voter's name is by chance, against the name of an average voter."""
        voters = index.rows[rows]
        log_share = self.log_name(index, voters["first"], "first") + self.log_name(index, voters["last"], "last")
        return np.asarray(np.exp(log_share) / index.average_commonness)

    def log_city(self, index: VoterIndex, codes: U32) -> Floats:
        """Logarithm of the share of voters in the cities of `codes`."""
        counts = index.city_counts[codes].astype(np.int64)
        for other, found, at in self._elsewhere(index, index.cities, "cities", codes):
            counts += np.where(found >= 0, other.city_counts[found], 0)[at]
        return self._log(counts)

    def log_zip(self, zips: U32) -> Floats:
        """Logarithm of the share of voters in each ZIP."""
        return self._log(sum((i.zips.count(zips) for i in self.indexes), np.zeros(len(zips), np.int64)))

    def _log(self, counts: NDArray[np.int64]) -> Floats:
        return np.asarray(np.log(np.maximum(counts, 1) / self.voters))

    def _elsewhere(
        self, index: VoterIndex, vocabulary: Standing, name: str, codes: U32
    ) -> list[tuple[VoterIndex, NDArray[np.int64], NDArray[np.int64]]]:
        """For each other index: the codes there of the distinct texts, and which text each of `codes` is."""
        others = [i for i in self.indexes if i is not index]
        if not others:
            return []
        distinct, at = np.unique(codes, return_inverse=True)
        hashes = np.array([hash64(vocabulary.text_of(c)) for c in distinct.tolist()], np.uint64)
        return [(other, getattr(other, name).codes_of(hashes), at) for other in others]
