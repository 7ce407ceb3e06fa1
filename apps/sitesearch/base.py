"""What every store of the site's public content can do."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from apps.core.backends import get_backend

from .highlight import Piece
from .tokens import Term, terms_of

PAGE = 20
# Facets are counted over at most so many hits; nobody pages further.
MOST_HITS = 1000


@dataclass(frozen=True)
class Document:
    """A public page, or a part of one with an address of its own. An empty language is any language.

    `facets` are names of things of ours, such as {"layer": "cd", "state": "nc"}.
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
    """A document that was found, with the words that were asked for marked in its title and its snippet."""

    kind: str
    key: str
    language: str
    url: str
    title: list[Piece]
    snippet: list[Piece]
    source: str = ""


@dataclass(frozen=True)
class Results:
    """A page of hits, the best first.

    `total` and `facets` count at most 1,000 hits; `more` says that there are others. `facets` maps `kind` and every
    facet to the counts of its values, the most frequent first. `suggestion` is a query that would find something,
    where this one found nothing. Hits that the database has no more are left out, and counted until the next rebuild.
    """

    hits: list[SearchHit] = field(default_factory=list)
    total: int = 0
    more: bool = False
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    suggestion: str = ""


class SiteSearch(ABC):
    """An index of public documents, by source. It is never the truth: `index_site` makes it anew at any time."""

    def __init__(self, url: str) -> None:
        self.url = url

    def search(
        self, query: str, *, language: str, kind: str | None = None, limit: int = PAGE, offset: int = 0
    ) -> Results:
        """Return documents of the language (or of any) that hold all words of the query.

        The query is words: signs of an engine's syntax mean nothing, and a query without a word finds nothing.
        """
        terms = terms_of(query)
        if not terms:
            return Results()
        start = max(0, min(offset, MOST_HITS))
        found = self._search(terms, language=language, kind=kind, start=start, end=start + max(1, min(limit, 100)))
        return replace(found, hits=standing(found.hits)) if found.hits else found

    @abstractmethod
    def put_many(self, documents: Iterable[Document], *, source: str) -> int:
        """Add documents, each in place of the one of its kind, key and language; returns how many."""

    @abstractmethod
    def drop(self, *, source: str, before: datetime) -> int:
        """Drop what a source put before a moment and has not put again; returns how many."""

    @abstractmethod
    def drop_sources_but(self, names: Iterable[str]) -> int:
        """Drop what came from sources that no app offers any more; returns how many."""

    @abstractmethod
    def _search(self, terms: list[Term], *, language: str, kind: str | None, start: int, end: int) -> Results:
        """Find terms, which are letters and digits only."""


def standing(hits: list[SearchHit]) -> list[SearchHit]:
    """Return the hits that still stand: their source has the last word, for an index may be behind it."""
    from .registry import standing_of

    by_source: dict[str, list[str]] = {}
    for hit in hits:
        by_source.setdefault(hit.source, []).append(hit.key)
    left = {source: standing_of(source, keys) for source, keys in by_source.items()}
    return [hit for hit in hits if hit.key in left[hit.source]]


def site_search() -> SiteSearch:
    """Return the store that SITE_SEARCH_URL names."""
    store: SiteSearch = get_backend("SITE_SEARCH_URL")
    return store
