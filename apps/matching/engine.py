"""Match queries against the open indexes of one or more states, behind one interface."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from apps.matching import twins
from apps.matching.certificate import is_certified, thresholds
from apps.matching.decide import STATUS, Decisions, decide
from apps.matching.fields import COLUMN
from apps.matching.frequency_pool import Pool
from apps.matching.index import VoterIndex
from apps.matching.levels import compare
from apps.matching.model import KINDS, Floats, Model, shipped_model
from apps.matching.person import U32, U64, Normal, TypedPerson, normalize
from apps.matching.query import I64, query_keys, resolve
from apps.matching.results import Candidate, MatchResult
from apps.matching.routing import Search, searches
from apps.matching.score import Pairs, posterior, weights

BATCH = 4_000  # queries at a time: about 200,000 candidate pairs, some 60 MB
NEAREST = 100  # most voters returned for a query; the most common name of a state of millions has some 20 voters a year
NAMED = 0.02  # lowest probability at which a result names its best candidate


class Matcher:
    """Match queries against the indexes of any states.

    An empty state searches all indexes; an index without a state is searched for every query. A state that no roll
    has, or that the ZIP code contradicts, also searches the ZIP code's state (see `routing`). Safe to share between
    threads that only read.
    """

    def __init__(self, indexes: Iterable[VoterIndex], model: Model | None = None) -> None:
        self.indexes = tuple(sorted(indexes, key=lambda i: (i.state, i.snapshot)))
        self.model = model or shipped_model()

    def match_one(self, person: TypedPerson, kind: str = "form") -> MatchResult:
        """Return the result for one query."""
        return self.match_many([person], kind)[0]

    def match_many(self, people: Sequence[TypedPerson], kind: str = "form") -> list[MatchResult]:
        """Return the results in the order of the queries; each is the same as if matched alone."""
        return [
            result for at in range(0, len(people), BATCH) for result in self._results(people[at : at + BATCH], kind)
        ]

    def decide(self, people: Sequence[TypedPerson], kind: str) -> tuple[Pairs, Decisions]:
        """Return decisions on one batch as arrays, for callers that need no result objects."""
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        pairs, voters = self.pairs(people)
        scores = posterior(self.model, kind, pairs, len(people), voters)
        needed = [thresholds(self.model, index, kind) for index in self.indexes]
        return pairs, decide(kind, needed, pairs, scores, len(people))

    def nearest(self, person: TypedPerson, kind: str = "form", most: int = NEAREST) -> list[tuple[str, str]]:
        """Return state and voter id of the voters nearest to a query, best first, however unlikely each is."""
        pairs, voters = self.pairs([person])
        scores = posterior(self.model, kind, pairs, 1, voters)
        order = np.lexsort((pairs.row, pairs.source, -scores))[:most]
        named = zip(pairs.source[order].tolist(), pairs.row[order].tolist(), strict=True)
        return [(self.indexes[source].state, self.indexes[source].voter_id(row)) for source, row in named]

    def keys(self, people: Sequence[TypedPerson]) -> list[U64]:
        """Return for each index the sorted, distinct blocking keys of the queries.

        For a store that fetches the voters of these keys elsewhere: see `index.partial_index`.
        """
        by_index: list[list[U64]] = [[np.zeros(0, np.uint64)] for _ in self.indexes]
        for search in searches(self.indexes, people):
            normal = normalize([people[at] for at in search.positions.tolist()])
            for n in search.sources:
                by_index[n].append(query_keys(self.indexes[n], resolve(self.indexes[n], normal))[1])
        return [np.unique(np.concatenate(keys)) for keys in by_index]

    def pairs(self, people: Sequence[TypedPerson]) -> tuple[Pairs, I64]:
        """Return all compared pairs of a batch, and per query the number of voters searched."""
        voters = np.ones(len(people), np.int64)
        parts = []
        for search in searches(self.indexes, people):
            pool = Pool([self.indexes[n] for n in search.pool])
            whole = len(search.positions) == len(people)
            normal = normalize(people if whole else [people[at] for at in search.positions.tolist()])
            voters[search.positions] = pool.voters
            kinship = pool.kinship(normal)
            parts += [self._pairs_of(pool, n, normal, kinship, search) for n in search.sources]
        return _joined(parts), voters

    def _pairs_of(self, pool: Pool, source: int, normal: Normal, kinship: Floats, search: Search) -> Pairs:
        index = self.indexes[source]
        query = resolve(index, normal)
        person, rows = candidates(index, *query_keys(index, query))
        levels = compare(index, query, person, rows)
        marked = (index.rows["suffix"][rows] > 0) | (normal.suffix[person] > 0)
        weighed = weights(self.model, pool, index, query, person, rows, levels)
        weighed[:, COLUMN["where"]] += search.evidence[person]
        sources = np.full(len(person), source, np.int16)
        common = pool.commonness(index, rows)
        return Pairs(
            search.positions[person], sources, rows, levels, weighed, marked, index.rows["sex"][rows], kinship[person],
            common, twins.twin_keys(index, rows), twins.one_letter(index, query, person, rows, levels),
        )  # fmt: skip

    def _results(self, people: Sequence[TypedPerson], kind: str) -> Iterator[MatchResult]:
        pairs, decisions = self.decide(people, kind)
        snapshots = tuple(i.snapshot for i in self.indexes)
        ranked = self._candidates(pairs, decisions)
        prior = self.model.prior[kind]
        certified = all(is_certified(self.model, index, kind) for index in self.indexes)
        for status, first, count, needed in zip(
            decisions.status.tolist(),
            decisions.first.tolist(),
            decisions.count.tolist(),
            decisions.needed.tolist(),
            strict=True,
        ):
            own = tuple(ranked[first : first + count])
            best = own[0] if own and own[0].score >= NAMED else _NO_CANDIDATE
            yield MatchResult(
                STATUS[status],
                best.voter_id,
                best.state,
                best.score,
                own,
                kind,
                self.model.version,
                snapshots,
                prior,
                needed,
                certified,
            )

    def _candidates(self, pairs: Pairs, decisions: Decisions) -> list[Candidate]:
        pairs_kept = decisions.pair
        return [
            Candidate(
                self.indexes[source].voter_id(row),
                self.indexes[source].state,
                round(score, 6),
                veto,
                tuple(levels),
                tuple(weight),
            )
            for source, row, score, veto, levels, weight in zip(
                pairs.source[pairs_kept].tolist(),
                pairs.row[pairs_kept].tolist(),
                decisions.score.tolist(),
                decisions.veto.tolist(),
                pairs.levels[pairs_kept].tolist(),
                np.round(pairs.weights[pairs_kept], 4).tolist(),
                strict=True,
            )
        ]


_NO_CANDIDATE = Candidate("", "", 0.0, 0, (), ())


def candidates(index: VoterIndex, people: U32, keys: np.ndarray[Any, np.dtype[np.uint64]]) -> tuple[I64, U32]:
    """Return the distinct candidate pairs of query and row that share a key, sorted by query and row."""
    order = np.argsort(keys)
    sizes, rows = index.look_up(keys[order])
    person = np.repeat(people[order].astype(np.uint64), sizes)
    pairs = np.unique((person << np.uint64(32)) | rows)
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def _joined(parts: list[Pairs]) -> Pairs:
    """Concatenate the pairs of several indexes."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        none, no_pairs = np.zeros(0), np.zeros((0, len(COLUMN)))
        return Pairs(
            none.astype(np.int64), none.astype(np.int16), none.astype(np.uint32), no_pairs.astype(np.int8), no_pairs,
            none > 0, none.astype(np.uint8), none, none, none.astype(np.uint64), none > 0,
        )  # fmt: skip
    return Pairs(*(np.concatenate([getattr(p, name) for p in parts]) for name in Pairs.__slots__))
