"""Correct the spelling of query words that the index lacks, to the most similar word that it has."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils import timezone
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .models import SearchWord
from .tokens import Term

# Shorter words have too many similar ones; numbers have no spelling.
MIN_LENGTH = 4
# Daily rebuilds record all words again; a word missing for three days is deleted.
RETENTION = timedelta(days=3)
BATCH_SIZE = 500
ROWS_PER_STATEMENT = 200


def record_words(words: Iterable[tuple[str, str]], now: datetime) -> None:
    """Record (language, word) pairs, inside the caller's transaction."""
    # Sorted, so that concurrent rebuilds lock rows in the same order and cannot deadlock.
    pairs = sorted({(language, word) for language, word in words if spellable_words([word])})
    rows = [SearchWord(language=language, word=word, put_at=now) for language, word in pairs]
    SearchWord.objects.bulk_create(
        rows,
        batch_size=ROWS_PER_STATEMENT,
        update_conflicts=True,
        unique_fields=["language", "word"],
        update_fields=["put_at"],
    )


def delete_old_words() -> None:
    """Delete words that no rebuild has recorded for RETENTION."""
    outdated: Any = SearchWord.objects.filter(put_at__lt=timezone.now() - RETENTION).values_list("pk", flat=True)
    while numbers := list(outdated[:BATCH_SIZE]):
        SearchWord.objects.filter(pk__in=numbers).delete()


def spellable_words(words: Iterable[str]) -> set[str]:
    """Return the words to which corrections apply: letters only, at least MIN_LENGTH."""
    return {word for word in words if len(word) >= MIN_LENGTH and word.isalpha()}


class Dictionary(Protocol):
    """The known words of a language, in any backend."""

    def has_prefix(self, prefix: str) -> bool:
        """Return whether any word starts with a prefix."""

    def similar(self, word: str) -> list[str]:
        """Return candidates for a misspelled word."""


class SqlDictionary:
    """The words that `record_words` stored."""

    def __init__(self, language: str) -> None:
        self._known = SearchWord.objects.filter(language__in=["", language])

    def has_prefix(self, prefix: str) -> bool:
        """Return whether any word starts with a prefix."""
        return bool(self._known.filter(word__startswith=prefix).exists())

    def similar(self, word: str) -> list[str]:
        """Return the words of the same first letter: it is rarely misspelled, and selects 5% of the words."""
        return list(self._known.filter(word__startswith=word[0]).values_list("word", flat=True).distinct())


def correct_terms(terms: list[Term], dictionary: Dictionary) -> list[Term] | None:
    """Return the terms with unknown words corrected; None if nothing changes."""
    corrected = [_correct_term(term, dictionary) for term in terms]
    return corrected if corrected != terms else None


def _correct_term(term: Term, dictionary: Dictionary) -> Term:
    if not term.prefix or len(term.text) < MIN_LENGTH or dictionary.has_prefix(term.text):
        return term
    max_distance = 1 if len(term.text) < 6 else 2
    candidates = sorted(word for word in dictionary.similar(term.text) if word[0] == term.text[0])
    match = process.extractOne(term.text, candidates, scorer=OSA.distance, score_cutoff=max_distance)
    return Term(match[0], prefix=True) if match else term
