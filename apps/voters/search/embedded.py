"""The embedded voter index: mapped files of the live snapshots, shared by all processes of the machine."""

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
from . import people_search as stewards
from .base import AGAIN, Step, Voter, VoterHit, VoterIndex, Watch

MOST_IN_A_TASK: Final = 1_000_000  # voters; 30 to 60 s of building, and a task may take 120


class EmbeddedVoterIndex(VoterIndex):
    """Opens the live indexes once per process; each call asks which snapshots are live, in one small query."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._lock = threading.Lock()
        self._open: tuple[tuple[snapshot_files.Key, ...], Matcher] = ((), Matcher(()))

    def matcher(self) -> Matcher:
        """Return the engine over the live snapshots; raise BackendUnavailable if an index is damaged."""
        live = snapshot_files.live()
        ids = tuple(snapshot_files.key_of(snapshot) for snapshot in live.values())
        opened, matcher = self._open
        if opened != ids:
            with self._lock:
                try:
                    matcher = Matcher([open_index(s.path / INDEX_FOLDER) for s in live.values()])
                except IndexDamaged as error:
                    raise BackendUnavailable(f"The voter index is built again by itself: {error}.") from error
                self._open = (ids, matcher)
        return matcher

    def take_in(
        self, snapshot: Snapshot, *, run: str = "", row: int = 0, seconds: float, watch: Watch | None = None
    ) -> Step | None:
        """Build the index again where it was found damaged; at first it was made with its snapshot."""
        del row, watch
        if not reindex.damage(snapshot, whole=run == AGAIN):
            return None
        if seconds < math.inf and snapshot.counts.get("loaded", 0) > MOST_IN_A_TASK:
            subprocesses.spawn("index_voters", "--again", "--state", snapshot.state, log="index.log")
        else:
            reindex.rebuild_index(snapshot)
            self._open = ((), Matcher(()))
        return None

    def behind(self) -> list[Snapshot]:
        """Return the live snapshots of which a file of the index is missing or cut."""
        return [snapshot for snapshot in snapshot_files.live().values() if reindex.damage(snapshot)]

    def differences(self, snapshot: Snapshot) -> int:
        """Return 1 where a byte of the index has changed since it was built."""
        return int(bool(reindex.damage(snapshot, whole=True)))

    def _match(self, people: Sequence[TypedPerson], kind: str) -> list[MatchResult]:
        return self.matcher().match_many(people, kind)

    def candidates(self, person: TypedPerson) -> list[Voter]:
        """Return the nearest voters of the live snapshots."""
        return self.matcher().nearest(person)

    def search_people(self, query: Mapping[str, str], limit: int) -> list[VoterHit]:
        """Search by last name (its beginning will do) and what else is given; there are no wildcards."""
        wanted = stewards.wanted_of(query)

        def hits() -> Iterator[VoterHit]:
            for snapshot in stewards.searched(wanted, snapshot_files.live().values()):
                yield from stewards.by_name(snapshot, wanted)

        return stewards.open_ones(hits(), limit)
