"""Split texts and queries into folded words, the same for every backend, so that all of them match alike."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

WORD_PATTERN = re.compile(r"[^\W_]+")
MAX_QUERY_LENGTH = 200
MAX_WORD_LENGTH = 60
MAX_TERMS = 8


@dataclass(frozen=True)
class Term:
    """A word that a hit must contain, whole or as a prefix of a word. Contains letters and digits only."""

    text: str
    prefix: bool

    def matches(self, word: str) -> bool:
        """Return whether a folded word matches the term."""
        return word.startswith(self.text) if self.prefix else word == self.text


@lru_cache(4096)
def fold_text(text: str) -> str:
    """Return a text without accents and case (NFKD, casefolded)."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()


def split_words(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return [word[:MAX_WORD_LENGTH] for word in WORD_PATTERN.findall(fold_text(text))]


def parse_query(query: str) -> list[Term]:
    """Return the terms of a query, at most MAX_TERMS; punctuation separates words.

    A word matches as a prefix, a plural without its final s; a number or a single letter matches itself only.
    """
    words = list(dict.fromkeys(split_words(query[:MAX_QUERY_LENGTH])))[:MAX_TERMS]
    return [_term(word) for word in words]


def _term(word: str) -> Term:
    if len(word) == 1 or any(character.isdigit() for character in word):
        return Term(word, prefix=False)
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return Term(word[:-1], prefix=True)
    return Term(word, prefix=True)
