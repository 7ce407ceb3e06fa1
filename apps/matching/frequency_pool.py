"""Compute term frequencies over all indexes searched: one, or several if a query gives no state.

Two equal records in two states must have equal weights, so a name's frequency counts over both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.index import VoterIndex
from apps.matching.index.vocabulary import MappedVocabulary
from apps.matching.normalize.nicknames import head
from apps.matching.normalize.text import hash64
from apps.matching.person import U32, U64, Normal
from apps.matching.query import Texts

Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Distinct:
    """The distinct texts of a column as hashes, and the number of each query's text."""

    number: NDArray[np.int64]
    hashes: U64
    given: NDArray[np.bool_]


def _distinct(column: Sequence[str]) -> _Distinct:
    seen: dict[str, int] = {}
    number = np.array([seen.setdefault(t, len(seen)) for t in column], np.int64)
    hashes = np.array([hash64(t) for t in seen], np.uint64)
    return _Distinct(number, hashes, (hashes != 0)[number])


class Pool:
    """The indexes that a query searches, and how common values are across all of them."""

    def __init__(self, indexes: Sequence[VoterIndex]) -> None:
        self.indexes = tuple(indexes)
        self.voters = max(sum(i.voters for i in indexes), 1)

    def log_name(self, index: VoterIndex, codes: U32, column: str) -> Floats:
        """Return the logarithm of the share of voters with the names of `codes`; `column` as in layout.NAME_COUNTS."""
        counts = index.name_counts[column][codes].astype(np.int64)
        for other, found, at in self._in_other_indexes(index, index.names, "names", codes):
            counts += np.where(found >= 0, other.name_counts[column][found], 0)[at]
        return self._log(counts)

    def query_counts(self, texts: Texts, column: str) -> NDArray[np.int64]:
        """Return how many voters have each distinct name of the queries."""
        hashes = np.array([hash64(head(t) if column == "first" else t) for t in texts.text], np.uint64)
        counts = np.zeros(len(hashes), np.int64)
        for index in self.indexes:
            found = index.names.codes_of(hashes)
            counts += np.where(found > 0, index.name_counts[column][found], 0)
        return counts

    def kinship(self, normal: Normal) -> Floats:
        """Return for each query how much more often than by chance a voter's relative shares its surname and place.

        n(surname, place) N / (n(surname) n(place)); 1 without a place, or with a street: then the members of the
        household are among the candidates.
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
        """Return how common each voter's name is by chance, relative to the name of an average voter."""
        voters = index.rows[rows]
        log_share = self.log_name(index, voters["first"], "first") + self.log_name(index, voters["last"], "last")
        return np.asarray(np.exp(log_share) / index.average_commonness)

    def log_city(self, index: VoterIndex, codes: U32) -> Floats:
        """Return the logarithm of the share of voters in the cities of `codes`."""
        counts = index.city_counts[codes].astype(np.int64)
        for other, found, at in self._in_other_indexes(index, index.cities, "cities", codes):
            counts += np.where(found >= 0, other.city_counts[found], 0)[at]
        return self._log(counts)

    def log_zip(self, zips: U32) -> Floats:
        """Return the logarithm of the share of voters in each ZIP."""
        return self._log(sum((i.zips.count(zips) for i in self.indexes), np.zeros(len(zips), np.int64)))

    def _log(self, counts: NDArray[np.int64]) -> Floats:
        return np.asarray(np.log(np.maximum(counts, 1) / self.voters))

    def _in_other_indexes(
        self, index: VoterIndex, vocabulary: MappedVocabulary, name: str, codes: U32
    ) -> list[tuple[VoterIndex, NDArray[np.int64], NDArray[np.int64]]]:
        """Return for each other index its codes of the distinct texts, and the text number of each of `codes`."""
        others = [i for i in self.indexes if i is not index]
        if not others:
            return []
        distinct, at = np.unique(codes, return_inverse=True)
        hashes = np.array([hash64(vocabulary.text_of(c)) for c in distinct.tolist()], np.uint64)
        return [(other, getattr(other, name).codes_of(hashes), at) for other in others]
