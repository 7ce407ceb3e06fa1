"""The interface of every voter index. Checks matches against live rolls and suppression before returning them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, final

from apps.core.backends import get_backend
from apps.matching import MatchResult, TypedPerson

from .. import snapshot_files, suppression
from ..models import Snapshot

VoterKey = tuple[str, str]  # state, voter id
RELOAD: Final = "again"
RowProgress = Callable[[int, int], object]
BATCH_SIZE: Final = 500


@dataclass(frozen=True)
class VoterHit:
    """A voter as a steward's search shows them: enough to tell people apart, without the street address."""

    state: str
    voter_id: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    city: str
    zip: str
    birth_year: str
    status: str

    def __repr__(self) -> str:
        return "VoterHit(…)"


class LoadStep(NamedTuple):
    """The next position of a snapshot's load into a server: the load's id, the next row, and the total of rows."""

    run: str
    row: int
    total: int


class VoterIndex(ABC):
    """Matches queries to the live rolls, and searches the rolls for stewards.

    `load_snapshot`, `missing_snapshots`, `count_differences` and `delete_voters` keep a server's index in step with
    the rolls. The embedded index is built with its snapshot; there the same calls detect damage and rebuild it.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    @final
    def match_one(self, person: TypedPerson, kind: str = "form") -> MatchResult:
        """Return the match of one person; `kind` is form or contact."""
        return self.match_many([person], kind)[0]

    @final
    def match_many(self, people: Sequence[TypedPerson], kind: str = "form") -> list[MatchResult]:
        """Return the matches of many people, in their order."""
        return filter_matches(self._match(people, kind))

    @abstractmethod
    def _match(self, people: Sequence[TypedPerson], kind: str) -> list[MatchResult]:
        """Return unchecked matches; an index may be older than the live rolls."""

    @abstractmethod
    def candidates(self, person: TypedPerson) -> list[VoterKey]:
        """Return the voters nearest to a person, unchecked: for a lookup, which compares their rows itself.

        Voters hidden at their own request are among them; see suppression.withdrawn_of.
        """

    @abstractmethod
    def search_people(self, query: Mapping[str, str], limit: int) -> list[VoterHit]:
        """Return voters by name, city, ZIP, birth year and status. For stewards who have stated a reason."""

    def states(self) -> list[str]:
        """Return the states that have a live roll."""
        return list(snapshot_files.live_snapshots())

    def load_snapshot(
        self,
        snapshot: Snapshot,
        *,
        run: str = "",
        row: int = 0,
        seconds: float,
        progress: RowProgress | None = None,
    ) -> LoadStep | None:
        """Load a snapshot for about `seconds`; return the next position, or None once the index serves it.

        `run` is empty at the start, RELOAD to replace an index that serves already, else the last step's id.
        Calls `progress(row, total)` as rows are loaded.
        """
        del snapshot, run, row, seconds, progress
        return None

    def missing_snapshots(self) -> list[Snapshot]:
        """Return the live snapshots that this index does not serve."""
        return []

    def count_differences(self, snapshot: Snapshot) -> int:
        """Return by how many voters the index differs from a live snapshot, by count and by a compared sample."""
        del snapshot
        return 0

    def delete_voters(self, keys: Sequence[bytes]) -> int:
        """Delete voters by their keyed hashes from every index; return how many were deleted."""
        del keys
        return 0


def filter_matches(results: Sequence[MatchResult]) -> list[MatchResult]:
    """Remove candidates who are suppressed or not on a live roll; a result that loses its best one becomes `none`."""
    candidates = {(c.state, c.voter_id) for result in results for c in result.candidates}
    if not candidates:
        return list(results)
    allowed = registered_voters(candidates)
    allowed -= suppression.opted_out_voters(allowed)
    if len(allowed) == len(candidates):
        return list(results)
    return [_filter_match(result, allowed) for result in results]


def _filter_match(result: MatchResult, allowed: set[VoterKey]) -> MatchResult:
    remaining = tuple(c for c in result.candidates if (c.state, c.voter_id) in allowed)
    if len(remaining) == len(result.candidates):
        return result
    if remaining and remaining[0] is result.candidates[0]:
        return replace(result, candidates=remaining)
    # Naming the next candidate instead would reveal that the suppressed voter exists.
    return replace(result, status="none", voter_id="", state="", score=0.0, candidates=())


def registered_voters(voters: Iterable[VoterKey]) -> set[VoterKey]:
    """Return which of these voters have a registered row in their state's live snapshot."""
    by_state: dict[str, list[str]] = {}
    for state, voter_id in voters:
        by_state.setdefault(state, []).append(voter_id)
    found: set[VoterKey] = set()
    live = snapshot_files.live_snapshots()
    for state, ids in by_state.items():
        if state in live:
            with snapshot_files.snapshot_db(live[state]) as db:
                for at in range(0, len(ids), BATCH_SIZE):
                    batch = ids[at : at + BATCH_SIZE]
                    marks = ",".join("?" * len(batch))
                    query = f"SELECT voter_id FROM voter WHERE registered = 1 AND voter_id IN ({marks})"  # noqa: S608
                    found |= {(state, row[0]) for row in db.execute(query, batch)}
    return found


def voter_index() -> VoterIndex:
    """Return the index that VOTER_SEARCH_URL names."""
    index: VoterIndex = get_backend("VOTER_SEARCH_URL")
    return index
