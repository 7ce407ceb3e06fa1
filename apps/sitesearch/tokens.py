"""Words as every backend sees them: folded here, so that all engines index and find the same ones."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
LONGEST_QUERY = 200
LONGEST_WORD = 60
MOST_TERMS = 8


@dataclass(frozen=True)
class Term:
    """A word that a hit must have: whole, or as the beginning of a word. Letters and digits only, by making."""

    text: str
    prefix: bool

    def fits(self, word: str) -> bool:
        """Whether a folded word is what was asked for."""
        return word.startswith(self.text) if self.prefix else word == self.text


@lru_cache(4096)
def folded(text: str) -> str:
    """Return a text without accents and case, in the letters' plain forms."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return [word[:LONGEST_WORD] for word in WORD.findall(folded(text))]


def terms_of(query: str) -> list[Term]:
    """Return what a typed query asks for: at most eight terms; signs of any engine's syntax are no words.

    A word stands for its longer forms and a plural for its singular; a number or a single letter for itself only.
    """
    words = list(dict.fromkeys(words_of(query[:LONGEST_QUERY])))[:MOST_TERMS]
    return [_term(word) for word in words]


def _term(word: str) -> Term:
    if len(word) == 1 or any(sign.isdigit() for sign in word):
        return Term(word, prefix=False)
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return Term(word[:-1], prefix=True)
    return Term(word, prefix=True)
