"""Loading a snapshot into an index of its own, in restartable steps, then pointing the state's alias at it.

A step starts at a row and is safe to run twice, because a document's id derives from its voter. Writes go through the
load's own alias, so that a late step fails instead of creating an index without a mapping.
"""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, NamedTuple, cast

from apps.core.errors import JobFailed
from apps.core.log import get_logger
from apps.matching.index import VoterIndex, open_index

from ...loading.store import INDEX_FOLDER
from ...models import Snapshot
from ..base import LoadStep, RowProgress
from . import documents
from .documents import Document
from .server import Server, refused_documents

log = get_logger(__name__)
BATCH_SIZE: Final = 2_500  # about 2 MB
# Rows whose keys are gathered at once; each pass scans all blocks of the index.
WINDOW_ROWS: Final = 50_000
MAX_REQUESTS_IN_FLIGHT: Final = 2
DOCUMENT_FORMAT: Final = 1  # an index of another format is rebuilt
LOAD_SETTINGS: Final[Mapping[str, Any]] = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "refresh_interval": "-1",
    "codec": "default",
    "translog.durability": "async",  # a load that crashes is discarded
    "translog.flush_threshold_size": "1gb",
}
LIVE_SETTINGS: Final[Mapping[str, Any]] = {
    "refresh_interval": "1s",
    "translog.durability": "request",
    "auto_expand_replicas": "0-1",
}


class IndexName(NamedTuple):
    """An index's name, parsed: the state, snapshot and load that it was built from."""

    state: str
    snapshot_id: int
    hash: str
    run: str


class IndexNames:
    """The index and alias names of one installation, distinguished by its prefix."""

    def __init__(self, prefix: str) -> None:
        self.all = f"{prefix}-voters-*"
        self._index, self._live, self._load = (f"{prefix}-{x}-" for x in ("voters", "live", "load"))
        self.live = f"{self._live}*"

    def index(self, snapshot: Snapshot, run: str) -> str:
        """Return the name of the index that one load of a snapshot fills."""
        return (
            f"{self._index}{_lower(snapshot.state)}-{snapshot.pk}-{snapshot.hash[:8] or 'none'}.{DOCUMENT_FORMAT}-{run}"
        )

    def live_alias(self, state: str) -> str:
        """Return the alias of the index that serves a state."""
        return f"{self._live}{_lower(state)}"

    def load_alias(self, snapshot: Snapshot, run: str) -> str:
        """Return the alias through which one load writes."""
        return f"{self._load}{_lower(snapshot.state)}-{snapshot.pk}-{run}"

    def parse(self, index: str) -> IndexName | None:
        """Return an index's parsed name; None if it is not an index of this installation."""
        parts = index.removeprefix(self._index).split("-")
        if not index.startswith(self._index) or len(parts) != 4 or not parts[1].isdigit():
            return None
        return IndexName("" if parts[0] == "_" else parts[0].upper(), int(parts[1]), parts[2], parts[3])

    def is_index_of(self, index: str, snapshot: Snapshot) -> bool:
        """Return whether an index was built from a snapshot in the current document format."""
        name = self.parse(index)
        source = f"{snapshot.hash[:8] or 'none'}.{DOCUMENT_FORMAT}"
        return name is not None and name[:3] == (snapshot.state, snapshot.pk, source)


def _lower(state: str) -> str:
    return state.lower() or "_"


class IndexLoad:
    """A load of one snapshot into a new index."""

    def __init__(self, server: Server, names: IndexNames, snapshot: Snapshot, run: str = "") -> None:
        self.server, self.names, self.snapshot = server, names, snapshot
        self.run = run or secrets.token_hex(4)
        self.index = names.index(snapshot, self.run)
        self.alias = names.load_alias(snapshot, self.run)

    def begin(self) -> None:
        """Create the empty index and the load's alias."""
        with self.server.background_client() as client:
            client.indices.create(
                index=self.index, settings=LOAD_SETTINGS, mappings=documents.MAPPING, aliases={self.alias: {}}
            )

    def step(self, row: int, seconds: float, progress: RowProgress | None = None) -> LoadStep | None:
        """Load from `row` on for about `seconds`; return the next position, or None once the index serves."""
        until = time.monotonic() + seconds
        index = open_index(self.snapshot.path / INDEX_FOLDER)
        with ThreadPoolExecutor(MAX_REQUESTS_IN_FLIGHT, thread_name_prefix="bulk") as pool:
            pending: list[Future[None]] = []
            next_row = 0
            for batch in self._batches(index, row):
                pending.append(pool.submit(self._send, self._without_suppressed(batch)))
                if len(pending) > MAX_REQUESTS_IN_FLIGHT:
                    pending.pop(0).result()
                if progress:
                    progress(batch[-1].next_row, self._total(index))
                if time.monotonic() > until:
                    next_row = batch[-1].next_row
                    break
            for future in pending:
                future.result()
        if next_row:
            return LoadStep(self.run, next_row, self._total(index))
        self._finish()
        return None

    @staticmethod
    def _without_suppressed(batch: list[Document]) -> list[Document]:
        """Return a batch without voters on the app's suppression list."""
        suppressed = documents.suppressed_ids([document.id for document in batch])
        return [document for document in batch if document.id not in suppressed] if suppressed else batch

    def _batches(self, index: VoterIndex, row: int) -> Iterator[list[Document]]:
        """Yield documents from a row on: registered voters first, then those who are not registered."""
        for first in range(row, index.voters, WINDOW_ROWS):
            end = min(first + WINDOW_ROWS, index.voters)
            window = documents.registered_documents(self.snapshot, index, first, end)
            yield from (window[at : at + BATCH_SIZE] for at in range(0, len(window), BATCH_SIZE))
        after = max(0, row - index.voters)
        while batch := documents.unregistered_documents(self.snapshot, index.voters, after, BATCH_SIZE):
            yield batch
            after = batch[-1].next_row - index.voters

    def _total(self, index: VoterIndex) -> int:
        return max(index.voters, int(self.snapshot.counts.get("loaded", 0)))

    def _send(self, batch: list[Document]) -> None:
        """Send a batch. A rejected or overloaded request raises JobFailed; the job retries from this step."""
        body = b"".join(
            b'{"index":{"_id":"%b"}}\n%b\n' % (document.id.encode(), json.dumps(document.fields).encode())
            for document in batch
        )
        if not body:
            return
        with self.server.background_client() as client:
            response: Any = client.bulk(
                index=self.alias,
                operations=cast("Any", body),
                require_alias=True,
                filter_path=["errors", "items.*.error.type", "items.*.status"],
            )
        if response["errors"]:
            rejected = refused_documents(response)
            cause = f"it refuses documents ({rejected[0]})" if rejected else "it is overloaded"
            raise JobFailed(f"Loading into Elasticsearch stopped: {cause}. The job retries from here.")

    def _finish(self) -> None:
        """Switch the state's alias to this index atomically, delete the state's other indexes, then merge segments."""
        with self.server.background_client() as client:
            client.indices.refresh(index=self.index)
            client.indices.put_settings(index=self.index, settings=LIVE_SETTINGS)
            others = [name for name in client.indices.get_alias(index=self.names.all) if name != self.index]
            outdated = [name for name in others if (n := self.names.parse(name)) and n.state == self.snapshot.state]
            live = self.names.live_alias(self.snapshot.state)
            actions = [{"remove_index": {"index": name}} for name in outdated]
            actions += [{"add": {"index": self.index, "alias": live}}]
            actions += [{"remove": {"index": self.index, "alias": self.alias}}]
            client.indices.update_aliases(actions=actions)
            client.indices.forcemerge(index=self.index, max_num_segments=1, wait_for_completion=False)
        log.info("voter_index.live", snapshot_id=self.snapshot.pk, state=self.snapshot.state)
