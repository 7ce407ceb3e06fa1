"""Site search in the application's own database."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import full_text, spelling
from .base import MOST_HITS, Document, Results, SearchHit, SiteSearch
from .batches import portions
from .highlight import marked, snippet
from .models import SearchDocument
from .tokens import Term, words_of

# Documents in one transaction: some 20 ms, so that web requests never wait for a rebuild.
PORTION = 100
IDENTITY = ("kind", "key", "language")
CONTENT = ("source", "title", "text", "url", "facets", "put_at")


class MatchedDocument(NamedTuple):
    """What is read of every hit: enough to count; the rest is read of one page only."""

    number: int
    kind: str
    facets: dict[str, str]


class SqlSiteSearch(SiteSearch):
    """A row a document, and a row of words in the full-text table of the database's kind."""

    def put_many(self, documents: Iterable[Document], *, source: str) -> int:
        """Add documents, portion by portion."""
        total = 0
        for portion in portions(documents, PORTION):
            self._put(portion, source)
            total += len(portion)
        return total

    def _put(self, documents: list[Document], source: str) -> None:
        now = timezone.now()
        # One statement may not write a row twice: of two documents with one identity the last one counts.
        unique = {(each.kind, each.key, each.language): each for each in documents}.values()
        rows = [_row(each, source, now) for each in unique]
        words = [(words_of(row.title), words_of(row.text)) for row in rows]
        with transaction.atomic():
            stored = SearchDocument.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=IDENTITY, update_fields=CONTENT
            )
            pairs = zip(stored, words, strict=True)
            full_text.dialect().fill([full_text.IndexedText(row.pk, title, text) for row, (title, text) in pairs])
            spelling.learn(
                ((row.language, word) for row, both in zip(rows, words, strict=True) for part in both for word in part),
                now,
            )

    def drop(self, *, source: str, before: datetime) -> int:
        """Drop a source's documents that were not put since."""
        return _drop(SearchDocument.objects.filter(source=source, put_at__lt=before))

    def drop_sources_but(self, names: Iterable[str]) -> int:
        """Drop the documents of sources that are gone, and words that no document put lately."""
        dropped = _drop(SearchDocument.objects.exclude(source__in=list(names)))
        spelling.clear_cache()
        return dropped

    def _search(self, terms: list[Term], *, language: str, kind: str | None, start: int, end: int) -> Results:
        found = _find(terms, language, kind)
        if not found:
            return Results(suggestion=self._suggestion(terms, language, kind))
        counted = found[:MOST_HITS]
        hits = _hits([each.number for each in counted[start:end]], terms)
        return Results(hits, len(counted), len(found) > MOST_HITS, _facets(counted))

    def _suggestion(self, terms: list[Term], language: str, kind: str | None) -> str:
        better = spelling.corrected(terms, spelling.SqlDictionary(language))
        return " ".join(term.text for term in better) if better and _find(better, language, kind) else ""


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


def _drop(rows: "QuerySet[SearchDocument]") -> int:
    total = 0
    while numbers := list(rows.values_list("pk", flat=True)[:PORTION]):
        with transaction.atomic():
            full_text.dialect().empty(numbers)
            total += SearchDocument.objects.filter(pk__in=numbers).delete()[0]
    return total


def _find(terms: list[Term], language: str, kind: str | None) -> list[MatchedDocument]:
    """Return the hits, the best first: one more than are counted, where there are more."""
    match = full_text.dialect().match(terms)
    of_kind, kinds = (" AND d.kind = %s", [kind]) if kind else ("", [])
    sql = (
        "SELECT d.id, d.kind, d.facets FROM sitesearch_text"  # noqa: S608 - our own words; all values are parameters
        " JOIN sitesearch_searchdocument d ON d.id = sitesearch_text.rowid"
        f" WHERE {match.where} AND d.language IN ('', %s){of_kind}"
        f" ORDER BY {match.order}, d.kind, d.key, d.id LIMIT {MOST_HITS + 1}"
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
            marked(row.title, terms),
            snippet(row.text, terms),
            row.source,
        )
        for row in (rows[number] for number in numbers if number in rows)
    ]


def _facets(found: list[MatchedDocument]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {"kind": Counter(each.kind for each in found)}
    for each in found:
        for name, value in each.facets.items():
            counts.setdefault(name, Counter())[value] += 1
    return {name: dict(sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))) for name, values in counts.items()}
