"""Count each name of an index, and choose the formal name that represents it in blocking keys."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.matching.index import layout
from apps.matching.index.vocabulary import GrowingVocabulary
from apps.matching.normalize.names import outer_parts, sound
from apps.matching.normalize.nicknames import head, representative
from apps.matching.normalize.text import hash64
from apps.matching.person import U64


@dataclass(slots=True)
class NameTable:
    """By code of the name vocabulary: counts, and the hashes from which keys are derived."""

    counts: NDArray[np.void]
    first: U64
    initial: U64
    last: tuple[U64, U64]
    sound: tuple[U64, U64]

    @classmethod
    def count(cls, names: GrowingVocabulary, batches: Callable[[], Iterable[NDArray[np.void]]]) -> Self:
        """Count the names of all rows, and choose one formal name per nickname group."""
        firsts, lasts = np.zeros(len(names), np.int64), np.zeros(len(names), np.int64)
        for rows in batches():
            firsts += np.bincount(rows["first"], minlength=len(firsts))
            lasts += np.bincount(rows["last"], minlength=len(lasts))
        texts = list(names)
        by_head: dict[str, int] = {}
        for code in np.flatnonzero(firsts).tolist():
            word = head(texts[code])
            by_head[word] = by_head.get(word, 0) + int(firsts[code])
        for word in by_head:
            names[word]
        texts = list(names)
        heads = [head(t) for t in texts]
        blocking = {h: representative(h, lambda x: by_head.get(x, 0)) for h in set(heads)}
        return cls(
            _counts(heads, blocking, by_head, lasts),
            np.array([hash64(blocking[h]) for h in heads], np.uint64),
            np.array([ord(blocking[h][0]) if h else 0 for h in heads], np.uint64),
            *_surname_parts(texts),
        )


def _counts(
    heads: list[str], blocking: dict[str, str], by_head: dict[str, int], lasts: NDArray[np.int64]
) -> NDArray[np.void]:
    groups: dict[str, int] = {}
    for word, count in by_head.items():
        groups[blocking[word]] = groups.get(blocking[word], 0) + count
    counts = np.zeros(len(heads), layout.NAME_COUNTS)
    counts["first"] = [by_head.get(h, 0) for h in heads]
    counts["group"] = [groups.get(blocking[h], 0) for h in heads]
    counts["last"][: len(lasts)] = lasts
    return counts


def _surname_parts(texts: list[str]) -> tuple[tuple[U64, U64], tuple[U64, U64]]:
    """Return hashes and sounds of the last part of each name, and of the first part if it differs."""
    ends = np.array([hash64(outer_parts(t)[1]) for t in texts], np.uint64)
    end_sounds = np.array([hash64(sound(outer_parts(t)[1])) for t in texts], np.uint64)
    starts, start_sounds = np.zeros_like(ends), np.zeros_like(ends)
    for code, text in enumerate(texts):
        if " " in text:
            part = outer_parts(text)[0]
            starts[code], start_sounds[code] = hash64(part), hash64(sound(part))
    return (ends, starts), (end_sounds, start_sounds)
