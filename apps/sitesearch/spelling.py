"""The spelling of words that the index lacks: the nearest one that it has."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .models import SearchWord
from .words import Term

# Shorter words have too many neighbours; numbers have no spelling.
SHORTEST = 4
# A rebuild puts all words again each day; a word that was missed three times is gone.
KEPT = timedelta(days=3)
PORTION = 500
PARAMETERS = 200


def learn(words: Iterable[tuple[str, str]], now: datetime) -> None:
    """Note words as (language, word); inside the caller's transaction."""
    # Sorted, so that two rebuilds at once take their rows in one order and never wait for each other in a ring.
    wanted = sorted({pair for pair in words if len(pair[1]) >= SHORTEST and pair[1].isalpha()})
    rows = [SearchWord(language=language, word=word, put_at=now) for language, word in wanted]
    SearchWord.objects.bulk_create(
        rows,
        batch_size=PARAMETERS,
        update_conflicts=True,
        unique_fields=["language", "word"],
        update_fields=["put_at"],
    )


def forget() -> None:
    """Drop words that no rebuild has put for days."""
    old: Any = SearchWord.objects.filter(put_at__lt=timezone.now() - KEPT).values_list("pk", flat=True)
    while numbers := list(old[:PORTION]):
        SearchWord.objects.filter(pk__in=numbers).delete()


def corrected(terms: list[Term], language: str) -> list[Term] | None:
    """Return the terms with each unknown word in its nearest spelling; None where nothing changes."""
    better = [_corrected(term, language) for term in terms]
    return better if better != terms else None


def _corrected(term: Term, language: str) -> Term:
    if not term.prefix or len(term.text) < SHORTEST:
        return term
    known = SearchWord.objects.filter(language__in=["", language])
    if known.filter(word__startswith=term.text).exists():
        return term
    # Nearly nobody mistypes the first letter, and it keeps the comparison to a twentieth of the words.
    candidates = list(known.filter(word__startswith=term.text[0]).values_list("word", flat=True).distinct())
    most = 1 if len(term.text) < 6 else 2
    found = process.extractOne(term.text, sorted(candidates), scorer=OSA.distance, score_cutoff=most)
    return Term(found[0], prefix=True) if found else term
