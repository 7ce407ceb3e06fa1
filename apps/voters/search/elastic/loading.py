"""A snapshot loaded into an index of its own, in steps that a dying worker cannot spoil, and then put behind the alias.

A step goes on at a row and is safe to run twice: a document's id follows from its voter. Writers name the alias of
the load, so that a step that comes too late meets no index instead of making one without a mapping.
"""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, NamedTuple, cast

from apps.core.errors import WorkFailed
from apps.core.log import get_logger
from apps.matching.index import VoterIndex, open_index

from ...loading.store import INDEX_FOLDER
from ...models import Snapshot
from ..base import LoadStep, ProgressCallback
from . import documents
from .documents import Document
from .server import Server, refused_documents

log = get_logger(__name__)
DOCUMENTS_PER_REQUEST: Final = 2_500  # documents in a request: about 2 MB
# Rows whose keys are gathered at once: each time costs a look over all blocks of the index.
WINDOW_ROWS: Final = 50_000
MAX_REQUESTS_IN_FLIGHT: Final = 2
DOCUMENT_FORMAT: Final = 1  # of the documents; an index of another format is made anew
LOAD_SETTINGS: Final[Mapping[str, Any]] = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "refresh_interval": "-1",
    "codec": "default",
    "translog.durability": "async",  # a load that dies is thrown away whole
    "translog.flush_threshold_size": "1gb",
}
LIVE_SETTINGS: Final[Mapping[str, Any]] = {
    "refresh_interval": "1s",
    "translog.durability": "request",
    "auto_expand_replicas": "0-1",
}


class IndexName(NamedTuple):
    """An index and what it was made of, as its name says."""

    state: str
    snapshot_id: int
    hash: str
    run: str


class IndexNames:
    """The names that an installation uses on a server; the prefix keeps two of them apart."""

    def __init__(self, prefix: str) -> None:
        self.all = f"{prefix}-voters-*"
        self._index, self._live, self._load = (f"{prefix}-{x}-" for x in ("voters", "live", "load"))
        self.live = f"{self._live}*"

    def index(self, snapshot: Snapshot, run: str) -> str:
        """The index that one load of a snapshot fills."""
        return (
            f"{self._index}{_lower(snapshot.state)}-{snapshot.pk}-{snapshot.hash[:8] or 'none'}.{DOCUMENT_FORMAT}-{run}"
        )

    def live_alias(self, state: str) -> str:
        """The alias of the index that answers for a state."""
        return f"{self._live}{_lower(state)}"

    def load_alias(self, snapshot: Snapshot, run: str) -> str:
        """The alias through which one load writes."""
        return f"{self._load}{_lower(snapshot.state)}-{snapshot.pk}-{run}"

    def read(self, index: str) -> IndexName | None:
        """What an index is made of; None where the name is not one of ours."""
        parts = index.removeprefix(self._index).split("-")
        if not index.startswith(self._index) or len(parts) != 4 or not parts[1].isdigit():
            return None
        return IndexName("" if parts[0] == "_" else parts[0].upper(), int(parts[1]), parts[2], parts[3])

    def of(self, index: str, snapshot: Snapshot) -> bool:
        """Whether an index was made of a snapshot, by this version."""
        name = self.read(index)
        made_of = f"{snapshot.hash[:8] or 'none'}.{DOCUMENT_FORMAT}"
        return name is not None and (name.state, name.snapshot_id, name.hash) == (snapshot.state, snapshot.pk, made_of)


def _lower(state: str) -> str:
    return state.lower() or "_"


class IndexLoad:
    """One load of one snapshot."""

    def __init__(self, server: Server, names: IndexNames, snapshot: Snapshot, run: str = "") -> None:
        self.server, self.names, self.snapshot = server, names, snapshot
        self.run = run or secrets.token_hex(4)
        self.index = names.index(snapshot, self.run)
        self.alias = names.load_alias(snapshot, self.run)

    def begin(self) -> None:
        """Make the empty index."""
        with self.server.work() as client:
            client.indices.create(
                index=self.index, settings=LOAD_SETTINGS, mappings=documents.MAPPING, aliases={self.alias: {}}
            )

    def step(self, row: int, seconds: float, watch: ProgressCallback | None = None) -> LoadStep | None:
        """Load from `row` on for about `seconds`; returns where to go on, or None once the index answers."""
        until = time.monotonic() + seconds
        voters = open_index(self.snapshot.path / INDEX_FOLDER)
        with ThreadPoolExecutor(MAX_REQUESTS_IN_FLIGHT, thread_name_prefix="bulk") as pool:
            waiting: list[Future[None]] = []
            goes_on = 0
            for batch in self._batches(voters, row):
                waiting.append(pool.submit(self._send, self._open_ones(batch)))
                if len(waiting) > MAX_REQUESTS_IN_FLIGHT:
                    waiting.pop(0).result()
                if watch:
                    watch(batch[-1].after, self._total(voters))
                if time.monotonic() > until:
                    goes_on = batch[-1].after
                    break
            for future in waiting:
                future.result()
        if goes_on:
            return LoadStep(self.run, goes_on, self._total(voters))
        self._finish()
        return None

    @staticmethod
    def _open_ones(batch: list[Document]) -> list[Document]:
        """Leave out who is protected by the app's own list."""
        hidden = documents.suppressed_ids([each.id for each in batch])
        return [each for each in batch if each.id not in hidden] if hidden else batch

    def _batches(self, voters: VoterIndex, row: int) -> Iterator[list[Document]]:
        """Yield documents from a row on: first those of the index, then who is not registered."""
        for first in range(row, voters.voters, WINDOW_ROWS):
            made = documents.registered_documents(self.snapshot, voters, first, min(first + WINDOW_ROWS, voters.voters))
            yield from (made[at : at + DOCUMENTS_PER_REQUEST] for at in range(0, len(made), DOCUMENTS_PER_REQUEST))
        after = max(0, row - voters.voters)
        while made := documents.unregistered_documents(self.snapshot, voters.voters, after, DOCUMENTS_PER_REQUEST):
            yield made
            after = made[-1].after - voters.voters

    def _total(self, voters: VoterIndex) -> int:
        return max(voters.voters, int(self.snapshot.counts.get("loaded", 0)))

    def _send(self, batch: list[Document]) -> None:
        """Send a batch; what a busy server turns away is sent again, what it refuses stops the load."""
        body = b"".join(
            b'{"index":{"_id":"%b"}}\n%b\n' % (each.id.encode(), json.dumps(each.fields).encode()) for each in batch
        )
        if not body:
            return
        with self.server.work() as client:
            answer: Any = client.bulk(
                index=self.alias,
                operations=cast("Any", body),
                require_alias=True,
                filter_path=["errors", "items.*.error.type", "items.*.status"],
            )
        if answer["errors"]:
            refused = refused_documents(answer)
            what = f"it refuses documents ({refused[0]})" if refused else "it is overloaded"
            raise WorkFailed(f"Loading into Elasticsearch stopped: {what}. The load is tried again from here.")

    def _finish(self) -> None:
        """Let the index answer, in one act, and drop the state's other ones; then merge it, while it answers."""
        with self.server.work() as client:
            client.indices.refresh(index=self.index)
            client.indices.put_settings(index=self.index, settings=LIVE_SETTINGS)
            others = [name for name in client.indices.get_alias(index=self.names.all) if name != self.index]
            same = [name for name in others if (n := self.names.read(name)) and n.state == self.snapshot.state]
            live = self.names.live_alias(self.snapshot.state)
            actions = [{"remove_index": {"index": name}} for name in same]
            actions += [{"add": {"index": self.index, "alias": live}}]
            actions += [{"remove": {"index": self.index, "alias": self.alias}}]
            client.indices.update_aliases(actions=actions)
            client.indices.forcemerge(index=self.index, max_num_segments=1, wait_for_completion=False)
        log.info("voter_index.live", snapshot_id=self.snapshot.pk, state=self.snapshot.state)
