"""Choose the indexes that each query searches: those of its state, and others if its place contradicts the state.

A state as entered is evidence, not a filter. A mistyped code, or one that the ZIP code contradicts, would otherwise
exclude the right voter before any comparison.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from apps.matching.index import VoterIndex
from apps.matching.keys import WIDE_UP_TO
from apps.matching.levels import Bools
from apps.matching.model import Floats
from apps.matching.normalize import places
from apps.matching.normalize.text import hash64
from apps.matching.person import U32, TypedPerson
from apps.matching.query import I64

# The ZIP code contradicts a state if its share of the state's voters is less than this part of its share of another
# state's. A few voters of every roll have a ZIP code of another state, so that its mere presence means nothing.
CONTRADICTING_SHARE = 0.1
WRONG_STATE = 0.003  # share of people whose entered state is not that of their registration; estimated by hand
_CODES = frozenset(places.STATES.values())


@dataclass(slots=True)
class Search:
    """Queries at `positions` of a batch that search the same indexes.

    `sources` are the numbers of the indexes, and `pool` those over which names and voters are counted. `evidence` is
    the match weight of the state per query, zero if the search covers only the state as entered.
    """

    positions: I64
    sources: tuple[int, ...]
    pool: tuple[int, ...]
    evidence: Floats


def searches(indexes: Sequence[VoterIndex], people: Sequence[TypedPerson]) -> list[Search]:
    """Return the searches of a batch; a query may be in several, each over other indexes.

    The searches of a query depend on the query and the indexes only, so that a batch gives the same results as single
    queries.
    """
    by_state: dict[str, list[int]] = {}
    for at, person in enumerate(people):
        by_state.setdefault(places.state(person.state) if person.state else "", []).append(at)
    every = tuple(range(len(indexes)))
    planned, beyond = [], _Beyond(indexes)
    for code, members in by_state.items():
        home = tuple(n for n in every if not code or indexes[n].state in ("", code))
        positions = np.array(members, np.int64)
        if len(home) < len(indexes):
            batch = people if len(by_state) == 1 else [people[at] for at in members]
            searched = _others(indexes, home, code, batch)
            elsewhere = searched.any(axis=0)
            beyond.add(home, code, positions[elsewhere], searched[:, elsewhere])
            positions = positions[~elsewhere]
        if len(positions):
            planned.append(Search(positions, home, home, np.zeros(len(positions))))
    return [*planned, *beyond.searches()]


def _others(indexes: Sequence[VoterIndex], home: tuple[int, ...], code: str, people: Sequence[TypedPerson]) -> Bools:
    """Return for each index and query whether the query searches the index although it has another state.

    Small rolls are searched whole: there, a wrong state and a wrong ZIP code together still find the voter, at no cost.
    """
    if sum(index.voters for index in indexes) <= WIDE_UP_TO:
        searched = np.ones((len(indexes), len(people)), bool)
        searched[list(home)] = False
        return searched
    zips = np.array([places.zip_code(p.zip) if p.zip else 0 for p in people], np.uint32)
    shares = _shares(indexes, zips)
    least = CONTRADICTING_SHARE * shares.max(axis=0, initial=0.0)
    at_home = shares[list(home)].max(axis=0, initial=0.0)
    searched = (shares > 0) & (shares >= least) & (zips > 0) & (at_home < least)
    if not any(indexes[n].state == code for n in home):
        # No roll has the code: without a usable ZIP code, the city decides for a state's code; any other text is no
        # evidence at all.
        open_ = ~searched.any(axis=0) & ((zips == 0) | (code not in _CODES))
        searched |= open_ & (_has_city(indexes, people) if code in _CODES else True)
    searched[list(home)] = False
    return np.asarray(searched)


def _shares(indexes: Sequence[VoterIndex], zips: U32) -> Floats:
    """Return for each index and query the share of the index's voters with the query's ZIP code."""
    distinct, back = np.unique(zips, return_inverse=True)
    shares = np.array([index.zips.count(distinct) / max(index.voters, 1) for index in indexes])
    return np.asarray(shares[:, back])


def _has_city(indexes: Sequence[VoterIndex], people: Sequence[TypedPerson]) -> Bools:
    cities = np.array([hash64(places.city(p.city)) if p.city else 0 for p in people], np.uint64)
    return np.array([(index.cities.codes_of(cities) > 0) & (cities > 0) for index in indexes])


class _Beyond:
    """Collect the searches of queries that search other indexes than those of their state, index by index."""

    def __init__(self, indexes: Sequence[VoterIndex]) -> None:
        self._voters = np.array([index.voters for index in indexes], np.int64)
        self._parts: list[list[tuple[I64, Floats]]] = [[] for _ in indexes]

    def add(
        self,
        home: tuple[int, ...],
        code: str,
        positions: I64,
        searched: Bools,
    ) -> None:
        """Add queries of one state, who search its indexes and those marked in `searched`."""
        if not len(positions):
            return
        at_home, elsewhere = self._evidence(home, code)
        for n, parts in enumerate(self._parts):
            own = positions if n in home else positions[searched[n]]
            parts.append((own, np.full(len(own), at_home if n in home else elsewhere)))

    def _evidence(self, home: tuple[int, ...], code: str) -> tuple[float, float]:
        """Return the match weight of the state for voters of that state, and for voters of other states.

        Both are ln(m/u) with u the state's share of all voters, as for a ZIP code. A text that is no code is no
        evidence.
        """
        every, own = int(self._voters.sum()), int(self._voters[list(home)].sum())
        if not own:
            return 0.0, float(np.log(WRONG_STATE)) if code in _CODES else 0.0
        return float(np.log((1 - WRONG_STATE) * every / own)), float(np.log(WRONG_STATE * every / own))

    def searches(self) -> Iterator[Search]:
        """Yield a search for each index; every one counts names over all indexes."""
        every = tuple(range(len(self._parts)))
        for n, parts in enumerate(self._parts):
            positions = np.concatenate([p for p, _ in parts]) if parts else np.zeros(0, np.int64)
            if len(positions):
                yield Search(positions, (n,), every, np.concatenate([e for _, e in parts]))
