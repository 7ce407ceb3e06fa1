"""Site search in the application's database."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import full_text, spelling
from .base import MAX_HITS, Document, Results, SearchHit, SiteSearch
from .batches import in_batches
from .highlight import highlight, snippet
from .models import SearchDocument
from .tokens import Term, split_words

# Documents per transaction: about 20 ms, so that web requests do not wait for a rebuild.
BATCH_SIZE = 100
IDENTITY = ("kind", "key", "language")
CONTENT = ("source", "title", "text", "url", "facets", "put_at")


class MatchedDocument(NamedTuple):
    """The columns read of every hit, for counts; all others are read for one page only."""

    number: int
    kind: str
    facets: dict[str, str]


class SqlSiteSearch(SiteSearch):
    """Stores a row per document, and its words in the full-text table of the database's dialect."""

    def index_documents(self, documents: Iterable[Document], *, source: str) -> int:
        """Add documents in batches."""
        total = 0
        for batch in in_batches(documents, BATCH_SIZE):
            self._put(batch, source)
            total += len(batch)
        return total

    def _put(self, documents: list[Document], source: str) -> None:
        now = timezone.now()
        # One statement must not write a row twice, so of duplicates the last one is kept.
        unique = {(document.kind, document.key, document.language): document for document in documents}.values()
        rows = [_row(document, source, now) for document in unique]
        words = [(split_words(row.title), split_words(row.text)) for row in rows]
        with transaction.atomic():
            stored = SearchDocument.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=IDENTITY, update_fields=CONTENT
            )
            pairs = zip(stored, words, strict=True)
            texts = [full_text.IndexedText(row.pk, title, text) for row, (title, text) in pairs]
            full_text.current_dialect().replace(texts)
            spelling.record_words(
                ((row.language, word) for row, both in zip(rows, words, strict=True) for part in both for word in part),
                now,
            )

    def delete_outdated(self, *, source: str, before: datetime) -> int:
        """Delete a source's documents last indexed before a time."""
        return _delete(SearchDocument.objects.filter(source=source, put_at__lt=before))

    def delete_other_sources(self, names: Iterable[str]) -> int:
        """Delete the documents of other sources, and outdated words."""
        deleted = _delete(SearchDocument.objects.exclude(source__in=list(names)))
        spelling.delete_old_words()
        return deleted

    def _search(self, terms: list[Term], *, language: str, kind: str | None, start: int, end: int) -> Results:
        matches = _find(terms, language, kind)
        if not matches:
            return Results(suggestion=self._suggestion(terms, language, kind))
        counted = matches[:MAX_HITS]
        hits = _hits([match.number for match in counted[start:end]], terms)
        return Results(hits, len(counted), len(matches) > MAX_HITS, _facets(counted))

    def _suggestion(self, terms: list[Term], language: str, kind: str | None) -> str:
        corrected = spelling.correct_terms(terms, spelling.SqlDictionary(language))
        return " ".join(term.text for term in corrected) if corrected and _find(corrected, language, kind) else ""


def _row(document: Document, source: str, now: datetime) -> SearchDocument:
    return SearchDocument(
        source=source,
        kind=document.kind,
        key=document.key,
        language=document.language,
        title=document.title[:300],
        text=document.text,
        url=document.url,
        facets=dict(document.facets),
        put_at=now,
    )


def _delete(rows: "QuerySet[SearchDocument]") -> int:
    total = 0
    while numbers := list(rows.values_list("pk", flat=True)[:BATCH_SIZE]):
        with transaction.atomic():
            full_text.current_dialect().delete(numbers)
            total += SearchDocument.objects.filter(pk__in=numbers).delete()[0]
    return total


def _find(terms: list[Term], language: str, kind: str | None) -> list[MatchedDocument]:
    """Return up to MAX_HITS + 1 hits, best first; one more than MAX_HITS means that there are others."""
    match = full_text.current_dialect().match(terms)
    of_kind, kinds = (" AND d.kind = %s", [kind]) if kind else ("", [])
    sql = (
        "SELECT d.id, d.kind, d.facets FROM sitesearch_text"  # noqa: S608 - constant SQL; all values are parameters
        " JOIN sitesearch_searchdocument d ON d.id = sitesearch_text.rowid"
        f" WHERE {match.where} AND d.language IN ('', %s){of_kind}"
        f" ORDER BY {match.order}, d.kind, d.key, d.id LIMIT {MAX_HITS + 1}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*match.where_values, language, *kinds, *match.order_values])
        return [MatchedDocument(number, kind, json.loads(facets)) for number, kind, facets in cursor.fetchall()]


def _hits(numbers: list[int], terms: list[Term]) -> list[SearchHit]:
    rows = SearchDocument.objects.in_bulk(numbers)
    return [
        SearchHit(
            row.kind,
            row.key,
            row.language,
            row.url,
            highlight(row.title, terms),
            snippet(row.text, terms),
            row.source,
        )
        for row in (rows[number] for number in numbers if number in rows)
    ]


def _facets(matches: list[MatchedDocument]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {"kind": Counter(match.kind for match in matches)}
    for match in matches:
        for name, value in match.facets.items():
            counts.setdefault(name, Counter())[value] += 1
    return {name: dict(sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))) for name, values in counts.items()}
