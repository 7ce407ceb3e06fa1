"""What every voter index can do. Answers are checked against live rolls and suppression before they leave."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, final

from apps.core.backends import get_backend
from apps.matching import MatchResult, TypedPerson

from .. import snapshot_files, suppression
from ..models import Snapshot

Voter = tuple[str, str]  # state, voter id
AGAIN: Final = "again"
Watch = Callable[[int, int], object]
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class VoterHit:
    """What a steward's search shows of a voter: enough to tell people apart, no street."""

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
        return "Hit(…)"


class Step(NamedTuple):
    """Where a load of a snapshot into a server goes on: which load, the next row, and how many rows there are."""

    run: str
    row: int
    total: int


class VoterIndex(ABC):
    """Matches typed people to the live rolls, and searches them for stewards.

    An index that lies on a server follows the rolls: see `take_in`, `behind`, `differences` and `forget`. The embedded
    one is made with its snapshot; the same calls find its damage and build it again.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    @final
    def match_one(self, person: TypedPerson, kind: str = "form") -> MatchResult:
        """Return the answer about one person; `kind` is form or contact."""
        return self.match_many([person], kind)[0]

    @final
    def match_many(self, people: Sequence[TypedPerson], kind: str = "form") -> list[MatchResult]:
        """Return the answers about many people, in their order."""
        return checked(self._match(people, kind))

    @abstractmethod
    def _match(self, people: Sequence[TypedPerson], kind: str) -> list[MatchResult]:
        """Return answers as the index has them; an index may be behind the rolls."""

    @abstractmethod
    def candidates(self, person: TypedPerson) -> list[Voter]:
        """Return the voters nearest to a person, unchecked: for a look-up, which compares their rows itself.

        Voters hidden at their own request are among them; see suppression.withdrawn_of.
        """

    @abstractmethod
    def search_people(self, query: Mapping[str, str], limit: int) -> list[VoterHit]:
        """Return voters by name parts, city, ZIP, birth year and status; for stewards, who gave a reason before."""

    def states(self) -> list[str]:
        """Return the states whose rolls answer."""
        return list(snapshot_files.live())

    def take_in(
        self, snapshot: Snapshot, *, run: str = "", row: int = 0, seconds: float, watch: Watch | None = None
    ) -> Step | None:
        """Load a snapshot for about `seconds`; returns where to go on, or None once it answers.

        `run` is empty at the start, AGAIN where it is to be loaded though it answers already, else the last step's.
        `watch(row, total)` is called as it goes.
        """
        del snapshot, run, row, seconds, watch
        return None

    def behind(self) -> list[Snapshot]:
        """Return the live snapshots that do not answer from here yet, or any more."""
        return []

    def differences(self, snapshot: Snapshot) -> int:
        """Return by how many voters the index differs from a live snapshot: counted, and compared in a sample."""
        del snapshot
        return 0

    def forget(self, keys: Sequence[bytes]) -> int:
        """Drop voters by their keyed hashes, out of every index; returns how many were still there."""
        del keys
        return 0


def checked(answers: Sequence[MatchResult]) -> list[MatchResult]:
    """Take out everybody who is not on the live roll, or protected; such an answer says not found."""
    named = {(c.state, c.voter_id) for answer in answers for c in answer.candidates}
    if not named:
        return list(answers)
    allowed = on_live_rolls(named)
    allowed -= suppression.opted_out(allowed)
    return [_without(answer, allowed) for answer in answers] if len(allowed) < len(named) else list(answers)


def _without(answer: MatchResult, allowed: set[Voter]) -> MatchResult:
    left = tuple(c for c in answer.candidates if (c.state, c.voter_id) in allowed)
    if len(left) == len(answer.candidates):
        return answer
    if left and left[0] is answer.candidates[0]:
        return replace(answer, candidates=left)
    # Whoever would have been named is not to be found, and neither is anybody in their place.
    return replace(answer, status="none", voter_id="", state="", score=0.0, candidates=())


def on_live_rolls(voters: Iterable[Voter]) -> set[Voter]:
    """Return which voters have a registered row in their state's live snapshot."""
    by_state: dict[str, list[str]] = {}
    for state, voter_id in voters:
        by_state.setdefault(state, []).append(voter_id)
    found: set[Voter] = set()
    live = snapshot_files.live()
    for state, ids in by_state.items():
        if state in live:
            with snapshot_files.opened(live[state]) as db:
                for at in range(0, len(ids), _AT_ONCE):
                    some = ids[at : at + _AT_ONCE]
                    marks = ",".join("?" * len(some))
                    query = f"SELECT voter_id FROM voter WHERE registered = 1 AND voter_id IN ({marks})"  # noqa: S608
                    found |= {(state, row[0]) for row in db.execute(query, some)}
    return found


def voter_index() -> VoterIndex:
    """Return the index that VOTER_SEARCH_URL names."""
    store: VoterIndex = get_backend("VOTER_SEARCH_URL")
    return store
