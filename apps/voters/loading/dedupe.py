"""A set of ids in bounded memory: eight bytes and a free place each, asked and filled a batch at a time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
INITIAL_SLOTS = 1 << 12


class IdSet:
    """Open addressing over 64-bit hashes.

    At 10 million ids two different ones meet with a chance of 3 in a million; then one row counts as a duplicate.
    """

    def __init__(self) -> None:
        self._places: U64 = np.zeros(INITIAL_SLOTS, np.uint64)
        self._count = 0

    def add(self, ids: Sequence[str]) -> list[int]:
        """Add a batch; returns the positions of ids that were there before, or stand earlier in the batch."""
        hashes = np.fromiter((hash(i) & 0xFFFFFFFFFFFFFFFF for i in ids), np.uint64, len(ids))
        hashes[hashes == 0] = 1
        distinct, first = np.unique(hashes, return_index=True)
        again = np.ones(len(hashes), bool)
        again[first] = False
        again[first[self._known(distinct)]] = True
        fresh = hashes[~again]
        self._grow(len(fresh))
        self._put(fresh)
        self._count += len(fresh)
        return [int(p) for p in np.flatnonzero(again)]

    def _known(self, hashes: U64) -> NDArray[np.bool_]:
        mask = np.uint64(len(self._places) - 1)
        known = np.zeros(len(hashes), bool)
        left, at = np.arange(len(hashes)), hashes & mask
        while len(left):
            found = self._places[at]
            known[left[found == hashes[left]]] = True
            on = (found != 0) & (found != hashes[left])
            left, at = left[on], (at[on] + np.uint64(1)) & mask
        return known

    def _put(self, hashes: U64) -> None:
        """Put distinct new hashes; where two want one place, the one that lost looks on."""
        mask = np.uint64(len(self._places) - 1)
        left, at = hashes, hashes & mask
        while len(left):
            free = self._places[at] == 0
            self._places[at[free]] = left[free]
            on = self._places[at] != left
            left, at = left[on], (at[on] + np.uint64(1)) & mask

    def _grow(self, more: int) -> None:
        size = len(self._places)
        while (self._count + more) * 2 > size:
            size *= 2
        if size > len(self._places):
            old = self._places[self._places != 0]
            self._places = np.zeros(size, np.uint64)
            self._put(old)
