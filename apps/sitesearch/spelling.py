"""The spelling of words that the index lacks: the nearest one that it has."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils import timezone
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .models import SearchWord
from .tokens import Term

# Shorter words have too many neighbours; numbers have no spelling.
SHORTEST = 4
# A rebuild puts all words again each day; a word that was missed three times is gone.
KEPT = timedelta(days=3)
PORTION = 500
PARAMETERS = 200


def learn(words: Iterable[tuple[str, str]], now: datetime) -> None:
    """Note words as (language, word); inside the caller's transaction."""
    # Sorted, so that two rebuilds at once take their rows in one order and never wait for each other in a ring.
    wanted = sorted({(language, word) for language, word in words if spelled([word])})
    rows = [SearchWord(language=language, word=word, put_at=now) for language, word in wanted]
    SearchWord.objects.bulk_create(
        rows,
        batch_size=PARAMETERS,
        update_conflicts=True,
        unique_fields=["language", "word"],
        update_fields=["put_at"],
    )


def clear_cache() -> None:
    """Drop words that no rebuild has put for days."""
    old: Any = SearchWord.objects.filter(put_at__lt=timezone.now() - KEPT).values_list("pk", flat=True)
    while numbers := list(old[:PORTION]):
        SearchWord.objects.filter(pk__in=numbers).delete()


def spelled(words: Iterable[str]) -> set[str]:
    """Return the words that have a spelling."""
    return {word for word in words if len(word) >= SHORTEST and word.isalpha()}


class Dictionary(Protocol):
    """The words of a language, wherever they are kept."""

    def has(self, beginning: str) -> bool:
        """Whether any word begins so."""

    def near(self, word: str) -> list[str]:
        """Return known words that a mistyped one may be; more than these are not looked at."""


class SqlDictionary:
    """The words that `learn` noted."""

    def __init__(self, language: str) -> None:
        self._known = SearchWord.objects.filter(language__in=["", language])

    def has(self, beginning: str) -> bool:
        """Whether any word begins so."""
        return bool(self._known.filter(word__startswith=beginning).exists())

    def near(self, word: str) -> list[str]:
        """Return the words of the same first letter: nearly nobody mistypes it, and it is a twentieth of all."""
        return list(self._known.filter(word__startswith=word[0]).values_list("word", flat=True).distinct())


def corrected(terms: list[Term], dictionary: Dictionary) -> list[Term] | None:
    """Return the terms with each unknown word in its nearest spelling; None where nothing changes."""
    better = [_corrected(term, dictionary) for term in terms]
    return better if better != terms else None


def _corrected(term: Term, dictionary: Dictionary) -> Term:
    if not term.prefix or len(term.text) < SHORTEST or dictionary.has(term.text):
        return term
    most = 1 if len(term.text) < 6 else 2
    candidates = sorted(word for word in dictionary.near(term.text) if word[0] == term.text[0])
    found = process.extractOne(term.text, candidates, scorer=OSA.distance, score_cutoff=most)
    return Term(found[0], prefix=True) if found else term
