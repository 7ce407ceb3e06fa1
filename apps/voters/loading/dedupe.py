"""A set of ids in bounded memory: 16 bytes per id, queried and filled in batches."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
INITIAL_SLOTS = 1 << 12


class IdSet:
    """An open-addressing hash set over 64-bit hashes.

    At 10 million ids the chance of a collision is 3 in a million; one row would then count as a duplicate.
    """

    def __init__(self) -> None:
        self._slots: U64 = np.zeros(INITIAL_SLOTS, np.uint64)
        self._count = 0

    def add(self, ids: Sequence[str]) -> list[int]:
        """Add a batch; return the positions of ids already in the set or earlier in the batch."""
        hashes = np.fromiter((hash(i) & 0xFFFFFFFFFFFFFFFF for i in ids), np.uint64, len(ids))
        hashes[hashes == 0] = 1
        distinct, first = np.unique(hashes, return_index=True)
        repeated = np.ones(len(hashes), bool)
        repeated[first] = False
        repeated[first[self._contains(distinct)]] = True
        new_hashes = hashes[~repeated]
        self._grow(len(new_hashes))
        self._insert(new_hashes)
        self._count += len(new_hashes)
        return [int(p) for p in np.flatnonzero(repeated)]

    def _contains(self, hashes: U64) -> NDArray[np.bool_]:
        mask = np.uint64(len(self._slots) - 1)
        known = np.zeros(len(hashes), bool)
        pending, slots = np.arange(len(hashes)), hashes & mask
        while len(pending):
            stored = self._slots[slots]
            known[pending[stored == hashes[pending]]] = True
            unresolved = (stored != 0) & (stored != hashes[pending])
            pending, slots = pending[unresolved], (slots[unresolved] + np.uint64(1)) & mask
        return known

    def _insert(self, hashes: U64) -> None:
        """Insert distinct new hashes; on a conflict over a slot, one hash probes on."""
        mask = np.uint64(len(self._slots) - 1)
        pending, slots = hashes, hashes & mask
        while len(pending):
            free = self._slots[slots] == 0
            self._slots[slots[free]] = pending[free]
            unresolved = self._slots[slots] != pending
            pending, slots = pending[unresolved], (slots[unresolved] + np.uint64(1)) & mask

    def _grow(self, more: int) -> None:
        size = len(self._slots)
        while (self._count + more) * 2 > size:
            size *= 2
        if size > len(self._slots):
            old = self._slots[self._slots != 0]
            self._slots = np.zeros(size, np.uint64)
            self._insert(old)
