"""Folding text to upper-case ASCII, and the stable hash that every key and vocabulary is built on."""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

LONGEST = 200  # characters read of any field: longer text is a mistake or an attack, and costs time

# Letters that NFKD does not take apart.
_LETTERS = str.maketrans(
    {"Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ħ": "H", "ẞ": "SS", "İ": "I"}
)
_NOT_WORD = re.compile(r"[^A-Z0-9]+")


def fold(text: str) -> str:
    """Upper-case ASCII without diacritics; what has no Latin reading is dropped."""
    text = text[:LONGEST]
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.upper().translate(_LETTERS))
        text = decomposed.encode("ascii", "ignore").decode()
    return text.upper()


def words(text: str) -> list[str]:
    """The words of letters and digits in folded text."""
    return _NOT_WORD.sub(" ", fold(text)).split()


@lru_cache(200_000)
def hash64(text: str) -> int:
    """A 64-bit hash, the same in every process and on every machine; the empty text is 0."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") if text else 0
