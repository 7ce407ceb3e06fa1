"""The stewards' search on Elasticsearch: the server returns row numbers; the roll supplies the voters."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.conf import settings

from ...models import Snapshot
from .. import people_search
from ..base import VoterHit
from ..people_search import SearchCriteria
from .server import Server

PAGE_SIZE: Final = 100


def search(server: Server, serving: Mapping[str, Snapshot], query: Mapping[str, str], limit: int) -> list[VoterHit]:
    """Return at most `limit` matching voters, the same ones as the embedded search."""
    criteria = people_search.parse_criteria(query)
    index_of = {snapshot.pk: name for name, snapshot in serving.items()}

    def hits() -> Iterator[VoterHit]:
        for snapshot in people_search.snapshots_to_search(criteria, serving.values()):
            for rows in _pages(server, index_of[snapshot.pk], criteria):
                yield from people_search.hits_by_row(snapshot, criteria, rows)

    return people_search.unsuppressed_hits(hits(), limit)


def _pages(server: Server, index: str, criteria: SearchCriteria) -> Iterator[list[int]]:
    """Yield matching row numbers, a page at a time."""
    after: list[Any] | None = None
    while True:
        with server.client(seconds=settings.BACKEND_REQUEST_SECONDS) as client:
            response = client.search(
                index=index,
                query={"bool": {"filter": _filters(criteria)}},
                sort=["order", "row"],
                search_after=after,
                size=PAGE_SIZE,
                stored_fields="_none_",
                track_total_hits=False,
                filter_path=["hits.hits.sort"],
            )
        sort_values = [hit["sort"] for hit in response.get("hits", {}).get("hits", [])]
        if sort_values:
            yield [row for _, row in sort_values]
            after = sort_values[-1]
        if len(sort_values) < PAGE_SIZE:
            return


def _filters(criteria: SearchCriteria) -> list[dict[str, Any]]:
    """Return term and prefix filters; input in them is never parsed as query syntax."""
    filters: list[dict[str, Any]] = [{"prefix": {"last": {"value": criteria.last}}}]
    if criteria.first:
        filters.append({"prefix": {"first": {"value": criteria.first}}})
    terms = {"city": criteria.city, "zip": criteria.zip, "year": criteria.year, "status": criteria.status}
    return filters + [{"term": {name: {"value": value}}} for name, value in terms.items() if value]
