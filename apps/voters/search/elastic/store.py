"""The voter index on Elasticsearch.

The server returns the voters who share a blocking key with a query, with the values to compare. The embedded index's
engine scores them over a partial index of only those voters, so that both backends return the same matches. Name
frequencies come from the snapshot's folder, a few MB that every machine maps.
"""

import threading
from binascii import a2b_base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.conf import settings

from apps.core.errors import BackendUnavailable
from apps.matching import Matcher, MatchResult, TypedPerson, open_index
from apps.matching.index import VoterIndex as MatchingIndex
from apps.matching.index import as_terms, part_of
from apps.matching.person import U64

from ... import snapshot_files
from ...loading.store import INDEX_FOLDER
from ...models import Snapshot
from ..base import RELOAD, LoadStep, RowProgress, VoterHit, VoterIndex, VoterKey
from . import drift, steward_search
from .loading import IndexLoad, IndexNames
from .server import Server

INTERACTIVE_BATCH: Final = 50  # for at most this many queries, a person may be waiting
BATCH_SIZE: Final = 500
KEYS_PER_REQUEST: Final = 6_000
MAX_HITS: Final = 10_000  # Elasticsearch's limit per response
_RESPONSE_FIELDS: Final = ["hits.hits.fields.voter"]
People = Sequence[TypedPerson]


class ElasticVoterIndex(VoterIndex):
    """Resolves each state's alias to the index that serves it, then searches those indexes."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._server = Server(url)
        self._names = IndexNames(self._server.prefix)
        self._lock = threading.Lock()
        self._indexes: dict[str, MatchingIndex] = {}

    def probe(self) -> None:
        """Raise BackendUnavailable if the server is down, BackendMisconfigured if it cannot be used."""
        self._server.probe()

    def _match(self, people: People, kind: str) -> list[MatchResult]:
        results: list[MatchResult] = []
        for batch, matcher in self._matchers(people):
            results += matcher.match_many(batch, kind)
        return results

    def candidates(self, person: TypedPerson) -> list[VoterKey]:
        """Return the nearest voters, as the server's index has them."""
        return [voter for _batch, matcher in self._matchers([person]) for voter in matcher.nearest(person)]

    def _matchers(self, people: People) -> Iterator[tuple[People, Matcher]]:
        """Yield queries in batches, each with a matcher over the voters who share a key with one of them."""
        seconds = (
            settings.BACKEND_REQUEST_SECONDS * 2 if len(people) <= INTERACTIVE_BATCH else settings.BACKEND_JOB_SECONDS
        )
        serving = self._serving_indexes(seconds)
        whole = Matcher(self._open_indexes(serving))
        folder_of = {index.folder: name for name, index in self._indexes.items() if name in serving}
        batches = [people[at : at + BATCH_SIZE] for at in range(0, len(people), BATCH_SIZE)]

        def fetch(batch: People) -> Matcher:
            keys = whole.keys(batch)
            parts = [
                part_of(index, self._fetch(folder_of[index.folder], own, seconds))
                for index, own in zip(whole.indexes, keys, strict=True)
            ]
            return Matcher(parts, whole.model)

        yield from zip(batches, _prefetch(fetch, batches), strict=True)

    def _serving_indexes(self, seconds: float) -> dict[str, Snapshot]:
        """Return the serving indexes by name, each with its source snapshot, whose files must still exist.

        Raises BackendUnavailable if a live roll has no index: its voters would appear as not found.
        """
        live = snapshot_files.live_snapshots()
        if not live:
            return {}
        serving_names = self._aliases(seconds)
        serving, missing = {}, []
        for state, snapshot in live.items():
            name = serving_names.get(state)
            source = self._snapshot(name, snapshot) if name else None
            if name and source:
                serving[name] = source
            else:
                missing.append(state or "no state")
        if missing:
            raise BackendUnavailable(f"The voter index of {', '.join(missing)} is being built; see index_voters.")
        return serving

    def _aliases(self, seconds: float) -> dict[str, str]:
        """Return the name of the serving index of each state."""
        with self._server.client(seconds=seconds) as client:
            found = client.options(ignore_status=404).indices.get_alias(name=self._names.live)
        names = {name: self._names.parse(name) for name in found if isinstance(found[name], dict)}
        return {source.state: name for name, source in names.items() if source}

    def _snapshot(self, name: str, live: Snapshot) -> Snapshot | None:
        """Return an index's source: the live snapshot, or the previous one while the live one is being loaded."""
        if self._names.is_index_of(name, live):
            return live
        source = self._names.parse(name)
        before = Snapshot.objects.filter(pk=source.snapshot_id).exclude(folder="").first() if source else None
        return before if before and self._names.is_index_of(name, before) else None

    def _open_indexes(self, serving: Mapping[str, Snapshot]) -> list[MatchingIndex]:
        """Return the vocabularies and frequencies of the source snapshots, opened once per process."""
        with self._lock:
            known = {name: self._indexes[name] for name in serving if name in self._indexes}
            known |= {n: open_index(s.path / INDEX_FOLDER) for n, s in serving.items() if n not in known}
            self._indexes = known
            return list(known.values())

    def _fetch(self, name: str, keys: U64, seconds: float) -> list[bytes]:
        """Return the packed values of every voter who has one of the keys, in as many requests as needed."""
        pending = [keys[at : at + KEYS_PER_REQUEST] for at in range(0, len(keys), KEYS_PER_REQUEST)]
        found: list[bytes] = []
        while pending:
            batch_keys = pending.pop()
            hits = self._search_keys(name, as_terms(batch_keys), seconds)
            if len(hits) == MAX_HITS and len(batch_keys) > 1:
                pending += [batch_keys[: len(batch_keys) // 2], batch_keys[len(batch_keys) // 2 :]]
            else:
                found += hits
        return found

    def _search_keys(self, name: str, terms: list[str], seconds: float) -> list[bytes]:
        with self._server.client(seconds=seconds) as client:
            response = client.search(
                index=name,
                query={"bool": {"filter": {"terms": {"keys": terms}}}},
                docvalue_fields=[{"field": "voter"}],
                stored_fields="_none_",
                sort=["_doc"],
                size=MAX_HITS,
                track_total_hits=False,
                filter_path=_RESPONSE_FIELDS,
            )
        hits = response.get("hits", {}).get("hits", [])
        return [a2b_base64(hit["fields"]["voter"][0]) for hit in hits]

    def search_people(self, query: Mapping[str, str], limit: int) -> list[VoterHit]:
        """Search by a prefix of the last name and the other fields given; each hit is read from its roll."""
        return steward_search.search(
            self._server, self._serving_indexes(settings.BACKEND_REQUEST_SECONDS), query, limit
        )

    def load_snapshot(
        self,
        snapshot: Snapshot,
        *,
        run: str = "",
        row: int = 0,
        seconds: float,
        progress: RowProgress | None = None,
    ) -> LoadStep | None:
        """Load a snapshot into an index of its own, one step per call."""
        if not run and self._is_live(snapshot):
            return None
        load = IndexLoad(self._server, self._names, snapshot, run.replace(RELOAD, ""))
        if run in ("", RELOAD):
            load.begin()
        return load.step(row, seconds, progress)

    def _is_live(self, snapshot: Snapshot) -> bool:
        name = self._aliases(settings.BACKEND_JOB_SECONDS).get(snapshot.state)
        return bool(name) and self._names.is_index_of(str(name), snapshot)

    def missing_snapshots(self) -> list[Snapshot]:
        """Return the live snapshots that have no serving index."""
        aliases, live = self._aliases(settings.BACKEND_REQUEST_SECONDS), snapshot_files.live_snapshots()
        return [s for state, s in live.items() if not self._names.is_index_of(aliases.get(state, ""), s)]

    def count_differences(self, snapshot: Snapshot) -> int:
        """Compare the count, and a sample of documents value by value."""
        name = self._aliases(settings.BACKEND_JOB_SECONDS).get(snapshot.state, "")
        if not self._names.is_index_of(name, snapshot):
            return int(snapshot.counts.get("loaded", 1))
        return drift.count_differences(self._server, name, snapshot)

    def delete_voters(self, keys: Sequence[bytes]) -> int:
        """Delete voters from every index, including those being filled."""
        return drift.delete_documents(self._server, self._names.all, [key.hex() for key in keys])

    def remove(self) -> None:
        """Delete every index of this prefix: for tests, benchmarks, and when an installation is retired."""
        with self._server.background_client() as client:
            if names := list(client.options(ignore_status=404).indices.get_alias(index=self._names.all)):
                client.indices.delete(index=names)


def _prefetch(fetch: Callable[[People], Matcher], batches: Sequence[People]) -> Iterator[Matcher]:
    """Yield the result for each batch, and fetch the next one in a thread while the caller uses the last."""
    if len(batches) < 2:
        yield from map(fetch, batches)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="fetch") as pool:
        upcoming = pool.submit(fetch, batches[0])
        for batch in [*batches[1:], None]:
            matcher = upcoming.result()
            if batch is not None:
                upcoming = pool.submit(fetch, batch)
            yield matcher
