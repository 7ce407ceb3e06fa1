"""Fold text to upper-case ASCII, and compute the stable hash behind every key and vocabulary."""

import re
from functools import lru_cache
from hashlib import blake2b

from apps.matching.normalize.characters import LONGEST, fold

__all__ = ["LONGEST", "fold", "hash64", "words"]

_NOT_WORD = re.compile(r"[^A-Z0-9]+")


def words(text: str) -> list[str]:
    """Return the words of letters and digits in folded text."""
    return _NOT_WORD.sub(" ", fold(text).replace("'", "")).split()


@lru_cache(200_000)
def hash64(text: str) -> int:
    """Return a 64-bit hash, the same in every process and on every machine; 0 for the empty text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") if text else 0
