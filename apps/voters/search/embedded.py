"""The embedded voter index: memory-mapped files of the live snapshots, shared by all processes of a machine."""

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from apps.core.errors import BackendUnavailable
from apps.matching import IndexDamaged, Matcher, MatchResult, TypedPerson, open_index

from .. import snapshot_files, subprocesses
from ..loading import reindex
from ..loading.store import INDEX_FOLDER
from ..models import Snapshot
from . import people_search
from .base import RELOAD, LoadStep, RowProgress, VoterHit, VoterIndex, VoterKey

MAX_VOTERS_PER_TASK: Final = 1_000_000  # 30 to 60 s to build; the task's time limit is 120 s


class EmbeddedVoterIndex(VoterIndex):
    """Opens the live indexes once per process; each call reads which snapshots are live, in one small query."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._lock = threading.Lock()
        self._open: tuple[tuple[snapshot_files.SnapshotKey, ...], Matcher] = ((), Matcher(()))

    def matcher(self) -> Matcher:
        """Return the matcher over the live snapshots; raise BackendUnavailable if an index is damaged."""
        live = snapshot_files.live_snapshots()
        keys = tuple(snapshot_files.snapshot_key(snapshot) for snapshot in live.values())
        opened_keys, matcher = self._open
        if opened_keys != keys:
            with self._lock:
                try:
                    matcher = Matcher([open_index(s.path / INDEX_FOLDER) for s in live.values()])
                except IndexDamaged as error:
                    raise BackendUnavailable(f"The voter index is damaged and is being rebuilt: {error}.") from error
                self._open = (keys, matcher)
        return matcher

    def load_snapshot(
        self,
        snapshot: Snapshot,
        *,
        run: str = "",
        row: int = 0,
        seconds: float,
        progress: RowProgress | None = None,
    ) -> LoadStep | None:
        """Rebuild the index where it is damaged; a sound one was built with its snapshot."""
        del row, progress
        if not reindex.find_damage(snapshot, whole=run == RELOAD):
            return None
        if seconds < math.inf and snapshot.counts.get("loaded", 0) > MAX_VOTERS_PER_TASK:
            subprocesses.spawn("index_voters", "--again", "--state", snapshot.state, log="index.log")
        else:
            reindex.rebuild_index(snapshot)
            self._open = ((), Matcher(()))
        return None

    def missing_snapshots(self) -> list[Snapshot]:
        """Return the live snapshots whose index has a missing or truncated file."""
        return [snapshot for snapshot in snapshot_files.live_snapshots().values() if reindex.find_damage(snapshot)]

    def count_differences(self, snapshot: Snapshot) -> int:
        """Return 1 if any byte of the index changed since it was built, else 0."""
        return int(bool(reindex.find_damage(snapshot, whole=True)))

    def _match(self, people: Sequence[TypedPerson], kind: str) -> list[MatchResult]:
        return self.matcher().match_many(people, kind)

    def candidates(self, person: TypedPerson) -> list[VoterKey]:
        """Return the nearest voters of the live snapshots."""
        return self.matcher().nearest(person)

    def search_people(self, query: Mapping[str, str], limit: int) -> list[VoterHit]:
        """Search by a prefix of the last name and the other fields given; there are no wildcards."""
        criteria = people_search.parse_criteria(query)

        def hits() -> Iterator[VoterHit]:
            for snapshot in people_search.snapshots_to_search(criteria, snapshot_files.live_snapshots().values()):
                yield from people_search.hits_by_name(snapshot, criteria)

        return people_search.unsuppressed_hits(hits(), limit)
