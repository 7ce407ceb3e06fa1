"""The interface of every search backend for the site's public content."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from apps.core.backends import get_backend

from .highlight import Piece
from .tokens import Term, parse_query

PAGE_SIZE = 20
# Facets are counted over at most so many hits, and paging ends there.
MAX_HITS = 1000


@dataclass(frozen=True)
class Document:
    """A public page, or a part of one with its own URL. An empty language means any language.

    `facets` are names and values to filter by, such as {"layer": "cd", "state": "nc"}.
    """

    kind: str
    key: str
    title: str
    text: str
    url: str
    language: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchHit:
    """A matching document, with the query's words highlighted in title and snippet."""

    kind: str
    key: str
    language: str
    url: str
    title: list[Piece]
    snippet: list[Piece]
    source: str = ""


@dataclass(frozen=True)
class Results:
    """A page of hits, best first.

    `total` and `facets` count at most MAX_HITS hits; `more` says that there are others. `facets` maps `kind` and every
    facet to the counts of its values, most frequent first. `suggestion` is a corrected query that has hits, if this
    one has none. Hits deleted since the last rebuild are left out of `hits`, but still counted.
    """

    hits: list[SearchHit] = field(default_factory=list)
    total: int = 0
    more: bool = False
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    suggestion: str = ""


class SiteSearch(ABC):
    """An index of public documents, by source. Never authoritative: `index_site` rebuilds it at any time."""

    def __init__(self, url: str) -> None:
        self.url = url

    def search(
        self, query: str, *, language: str, kind: str | None = None, limit: int = PAGE_SIZE, offset: int = 0
    ) -> Results:
        """Return documents of the language (or of any) that contain all words of the query.

        Query syntax of engines has no effect; a query without words has no hits.
        """
        terms = parse_query(query)
        if not terms:
            return Results()
        start = max(0, min(offset, MAX_HITS))
        results = self._search(terms, language=language, kind=kind, start=start, end=start + max(1, min(limit, 100)))
        return replace(results, hits=remove_missing(results.hits)) if results.hits else results

    @abstractmethod
    def index_documents(self, documents: Iterable[Document], *, source: str) -> int:
        """Add documents, replacing those of the same kind, key and language; return how many."""

    @abstractmethod
    def delete_outdated(self, *, source: str, before: datetime) -> int:
        """Delete a source's documents last indexed before a time; return how many."""

    @abstractmethod
    def delete_other_sources(self, names: Iterable[str]) -> int:
        """Delete the documents of sources not in `names`; return how many."""

    @abstractmethod
    def _search(self, terms: list[Term], *, language: str, kind: str | None, start: int, end: int) -> Results:
        """Search for terms, which contain letters and digits only."""


def remove_missing(hits: list[SearchHit]) -> list[SearchHit]:
    """Return the hits that their sources still have: an index may be older than its sources."""
    from .registry import existing_keys

    by_source: dict[str, list[str]] = {}
    for hit in hits:
        by_source.setdefault(hit.source, []).append(hit.key)
    existing = {source: existing_keys(source, keys) for source, keys in by_source.items()}
    return [hit for hit in hits if hit.key in existing[hit.source]]


def site_search() -> SiteSearch:
    """Return the backend that SITE_SEARCH_URL names."""
    backend: SiteSearch = get_backend("SITE_SEARCH_URL")
    return backend
