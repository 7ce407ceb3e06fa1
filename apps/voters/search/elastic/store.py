"""The voter index on Elasticsearch.

The server gives whoever shares a block key with the people asked about, with the values to compare; the engine that
scores them is the embedded index's own, over a part of the index that holds only those voters. So both give the same
answers. How frequent a name is comes from the snapshot's folder, a few MB that every machine has mapped.
"""

import threading
from binascii import a2b_base64
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from django.conf import settings

from apps.core.errors import BackendUnavailable
from apps.matching import Matcher, MatchResult, TypedPerson, open_index
from apps.matching.index import VoterIndex as MatchingIndex
from apps.matching.index import as_terms, part_of
from apps.matching.person import U64

from ... import snapshot_files
from ...loading.store import INDEX_FOLDER
from ...models import Snapshot
from ..base import AGAIN, Step, Voter, VoterHit, VoterIndex, Watch
from . import drift, people
from .loading import Load, Names
from .server import Server

FEW: Final = 50  # people asked about at once for whom somebody may be waiting
BATCH: Final = 500
KEYS_AT_ONCE: Final = 6_000
MOST_HITS: Final = 10_000  # what a server gives in one answer
_FOUND: Final = ["hits.hits.fields.voter"]


class ElasticVoterIndex(VoterIndex):
    """Asks the aliases which snapshots answer, then the indexes behind them."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._server = Server(url)
        self._names = Names(self._server.prefix)
        self._lock = threading.Lock()
        self._open: dict[str, MatchingIndex] = {}

    def probe(self) -> None:
        """Raise BackendUnavailable or BackendMisconfigured where the server is not there or not fit."""
        self._server.probe()

    def _match(self, people: Sequence[TypedPerson], kind: str) -> list[MatchResult]:
        answers: list[MatchResult] = []
        for batch, matcher in self._matchers(people):
            answers += matcher.match_many(batch, kind)
        return answers

    def candidates(self, person: TypedPerson) -> list[Voter]:
        """Return the nearest voters, as the server's index has them."""
        return [voter for _batch, matcher in self._matchers([person]) for voter in matcher.nearest(person)]

    def _matchers(self, people: Sequence[TypedPerson]) -> Iterator[tuple[Sequence[TypedPerson], Matcher]]:
        """Yield people in batches, each with an engine over the voters who share a key with one of them."""
        seconds = settings.BACKEND_REQUEST_SECONDS * 2 if len(people) <= FEW else settings.BACKEND_JOB_SECONDS
        held = self._held(seconds)
        whole = Matcher(self._opened(held))
        folder_of = {index.folder: name for name, index in self._open.items() if name in held}
        batches = [people[at : at + BATCH] for at in range(0, len(people), BATCH)]

        def fetch(batch: Sequence[TypedPerson]) -> Matcher:
            keys = whole.keys(batch)
            parts = [
                part_of(index, self._fetch(folder_of[index.folder], own, seconds))
                for index, own in zip(whole.indexes, keys, strict=True)
            ]
            return Matcher(parts, whole.model)

        yield from zip(batches, _one_ahead(fetch, batches), strict=True)

    def _held(self, seconds: float) -> dict[str, Snapshot]:
        """Return the indexes that answer, each with the snapshot it was made of, which must still have its files.

        Raises BackendUnavailable where a live roll has none: its voters would read as not found.
        """
        live = snapshot_files.live()
        if not live:
            return {}
        behind_alias = self._aliases(seconds)
        held, missing = {}, []
        for state, snapshot in live.items():
            name = behind_alias.get(state)
            made_of = self._snapshot(name, snapshot) if name else None
            if name and made_of:
                held[name] = made_of
            else:
                missing.append(state or "no state")
        if missing:
            raise BackendUnavailable(f"The voter index of {', '.join(missing)} is being made; see index_voters.")
        return held

    def _aliases(self, seconds: float) -> dict[str, str]:
        """Return the index behind the alias of each state."""
        with self._server.ask(seconds=seconds) as client:
            found = client.options(ignore_status=404).indices.get_alias(name=self._names.live)
        names = {name: self._names.read(name) for name in found if isinstance(found[name], dict)}
        return {made_of.state: name for name, made_of in names.items() if made_of}

    def _snapshot(self, name: str, live: Snapshot) -> Snapshot | None:
        """Return what an index was made of: the live snapshot, or the one before while the live one is loaded."""
        if self._names.of(name, live):
            return live
        made_of = self._names.read(name)
        before = Snapshot.objects.filter(pk=made_of.snapshot_id).exclude(folder="").first() if made_of else None
        return before if before and self._names.of(name, before) else None

    def _opened(self, held: Mapping[str, Snapshot]) -> list[MatchingIndex]:
        """Return the vocabularies and frequencies of the snapshots that answer, opened once per process."""
        with self._lock:
            known = {name: self._open[name] for name in held if name in self._open}
            known |= {n: open_index(s.path / INDEX_FOLDER) for n, s in held.items() if n not in known}
            self._open = known
            return list(known.values())

    def _fetch(self, name: str, keys: U64, seconds: float) -> list[bytes]:
        """Return every voter who has one of the keys, packed; in as many questions as their number takes."""
        waiting = [keys[at : at + KEYS_AT_ONCE] for at in range(0, len(keys), KEYS_AT_ONCE)]
        found: list[bytes] = []
        while waiting:
            some = waiting.pop()
            hits = self._ask(name, as_terms(some), seconds)
            if len(hits) == MOST_HITS and len(some) > 1:
                waiting += [some[: len(some) // 2], some[len(some) // 2 :]]
            else:
                found += hits
        return found

    def _ask(self, name: str, terms: list[str], seconds: float) -> list[bytes]:
        with self._server.ask(seconds=seconds) as client:
            answer = client.search(
                index=name,
                query={"bool": {"filter": {"terms": {"keys": terms}}}},
                docvalue_fields=[{"field": "voter"}],
                stored_fields="_none_",
                sort=["_doc"],
                size=MOST_HITS,
                track_total_hits=False,
                filter_path=_FOUND,
            )
        hits = answer.get("hits", {}).get("hits", [])
        return [a2b_base64(hit["fields"]["voter"][0]) for hit in hits]

    def search_people(self, query: Mapping[str, str], limit: int) -> list[VoterHit]:
        """Search by last name (its beginning will do) and what else is given; each hit is read from its roll."""
        return people.search(self._server, self._held(settings.BACKEND_REQUEST_SECONDS), query, limit)

    def take_in(
        self, snapshot: Snapshot, *, run: str = "", row: int = 0, seconds: float, watch: Watch | None = None
    ) -> Step | None:
        """Load a snapshot, step by step, into an index of its own."""
        if not run and self._answers(snapshot):
            return None
        load = Load(self._server, self._names, snapshot, run.replace(AGAIN, ""))
        if run in ("", AGAIN):
            load.begin()
        return load.step(row, seconds, watch)

    def _answers(self, snapshot: Snapshot) -> bool:
        name = self._aliases(settings.BACKEND_JOB_SECONDS).get(snapshot.state)
        return bool(name) and self._names.of(str(name), snapshot)

    def behind(self) -> list[Snapshot]:
        """Return the live snapshots that have no index behind their alias."""
        found = self._aliases(settings.BACKEND_REQUEST_SECONDS)
        return [s for state, s in snapshot_files.live().items() if not self._names.of(found.get(state, ""), s)]

    def differences(self, snapshot: Snapshot) -> int:
        """Count, and compare a sample of documents value by value."""
        name = self._aliases(settings.BACKEND_JOB_SECONDS).get(snapshot.state, "")
        if not self._names.of(name, snapshot):
            return int(snapshot.counts.get("loaded", 1))
        return drift.differences(self._server, name, snapshot)

    def forget(self, keys: Sequence[bytes]) -> int:
        """Drop voters out of every index, also those that are being filled."""
        return drift.forget(self._server, self._names.all, [key.hex() for key in keys])

    def remove(self) -> None:
        """Remove every index of this prefix: for tests and benchmarks, and for an installation that is given up."""
        with self._server.work() as client:
            if names := list(client.options(ignore_status=404).indices.get_alias(index=self._names.all)):
                client.indices.delete(index=names)


def _one_ahead(fetch: Any, batches: Sequence[Sequence[TypedPerson]]) -> Iterator[Matcher]:
    """Yield what is fetched for each batch; the next one is under way while the caller compares the last."""
    if len(batches) < 2:
        yield from map(fetch, batches)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="fetch") as pool:
        coming = pool.submit(fetch, batches[0])
        for batch in [*batches[1:], None]:
            matcher = coming.result()
            if batch is not None:
                coming = pool.submit(fetch, batch)
            yield matcher
