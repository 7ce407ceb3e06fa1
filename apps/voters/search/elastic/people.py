"""The stewards' search on the same index: the server names rows, the roll says who they are."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.conf import settings

from ...models import Snapshot
from .. import people_search
from ..base import VoterHit
from ..people_search import SearchCriteria
from .server import Server

PAGE_SIZE: Final = 100


def search(server: Server, held: Mapping[str, Snapshot], query: Mapping[str, str], limit: int) -> list[VoterHit]:
    """Return at most `limit` voters who fit, as the embedded search does."""
    wanted = people_search.parse_criteria(query)
    index_of = {snapshot.pk: name for name, snapshot in held.items()}

    def hits() -> Iterator[VoterHit]:
        for snapshot in people_search.snapshots_to_search(wanted, held.values()):
            for rows in _pages(server, index_of[snapshot.pk], wanted):
                yield from people_search.hits_by_row(snapshot, wanted, rows)

    return people_search.unsuppressed_hits(hits(), limit)


def _pages(server: Server, index: str, wanted: SearchCriteria) -> Iterator[list[int]]:
    """Yield the rows that an index names, page after page."""
    after: list[Any] | None = None
    while True:
        with server.ask(seconds=settings.BACKEND_REQUEST_SECONDS) as client:
            answer = client.search(
                index=index,
                query={"bool": {"filter": _filters(wanted)}},
                sort=["order", "row"],
                search_after=after,
                size=PAGE_SIZE,
                stored_fields="_none_",
                track_total_hits=False,
                filter_path=["hits.hits.sort"],
            )
        found = [hit["sort"] for hit in answer.get("hits", {}).get("hits", [])]
        if found:
            yield [row for _, row in found]
            after = found[-1]
        if len(found) < PAGE_SIZE:
            return


def _filters(wanted: SearchCriteria) -> list[dict[str, Any]]:
    """Whole values and beginnings, each as it is typed: none of the server's syntax is read in them."""
    asked: list[dict[str, Any]] = [{"prefix": {"last": {"value": wanted.last}}}]
    if wanted.first:
        asked.append({"prefix": {"first": {"value": wanted.first}}})
    whole = {"city": wanted.city, "zip": wanted.zip, "year": wanted.year, "status": wanted.status}
    return asked + [{"term": {name: {"value": value}}} for name, value in whole.items() if value]
