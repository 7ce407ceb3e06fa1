"""Frequencies over everything that is searched: one index, or several where a person gave no state.

Two records that are alike in two states must weigh alike, so a name's frequency is counted over both.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.matching.index import VoterIndex
from apps.matching.index.vocabulary import Standing
from apps.matching.normal.nicknames import head
from apps.matching.normal.text import hash64
from apps.matching.person import U32
from apps.matching.query import Texts

Floats = NDArray[np.float64]


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
