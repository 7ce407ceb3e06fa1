"""Choose thresholds of a model: the most right verifications within limits on false ones, stratum by stratum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching import Matcher, TypedPerson
from apps.matching.decide import strata
from apps.matching.engine import BATCH
from apps.matching.fields import FIELDS
from apps.matching.levels import Bools
from apps.matching.model import Floats
from tests.labelled.queries import Labelled

# Highest share of false verifications on the sets of the fit: of a hard mix, and of a natural one. They are below the
# limits (forms .3 % and .05 %, contacts .3 %), because the figures of other rolls scatter around those of the fit.
LIMITS = {"form": (0.0028, 0.0004), "contact": (0.0026, 1.0)}
STEPS = (*(round(0.95 + 0.0025 * n, 4) for n in range(20)), 0.9985, 0.999, 0.9995, 1.0)
Set = tuple[Matcher, Sequence[Labelled], Sequence[Labelled]]


@dataclass(slots=True)
class Scored:
    """The unvetoed best candidates of a set: score, stratum, and whether each is right; `people` counts queries."""

    score: Floats
    stratum: NDArray[np.int64]
    right: Bools
    present: Bools
    absent: int

    def counts(self, strata_count: int) -> NDArray[np.int64]:
        """Return for each stratum and step the numbers of right and of false verifications."""
        result = np.zeros((strata_count, len(STEPS), 2), np.int64)
        for number in range(strata_count):
            inside = self.stratum == number
            for step, threshold in enumerate(STEPS):
                above = inside & (self.score >= threshold)
                result[number, step] = (above & self.right).sum(), (above & ~self.present).sum()
        return result


def scored(matcher: Matcher, rows: Sequence[Labelled], kind: str) -> Scored:
    """Return the scored best candidates of labeled queries."""
    parts: list[tuple[Floats, NDArray[np.int64], Bools, Bools]] = []
    for at in range(0, len(rows), BATCH):
        own = rows[at : at + BATCH]
        pairs, found = matcher.decide([TypedPerson(**row.row) for row in own], kind)
        has = np.flatnonzero(found.count)
        clear = found.veto[found.first[has]] == 0
        has, first = has[clear], found.first[has][clear]
        best = found.pair[first]
        stratum = np.zeros(len(best), np.int64)
        for number, (_, members) in enumerate(strata(kind, pairs.levels[best])):
            stratum[members] = number
        ids = [matcher.indexes[s].voter_id(r) for s, r in zip(pairs.source[best], pairs.row[best], strict=True)]
        right = np.array([own[p].voter_id == i for p, i in zip(has.tolist(), ids, strict=True)], bool)
        present = np.array([bool(own[p].voter_id) for p in has.tolist()], bool)
        parts.append((found.score[first], stratum, right, present))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Scored(*columns, absent=sum(not row.voter_id for row in rows))


@dataclass(slots=True)
class Search:
    """The numbers of right and false verifications by stratum and step, of a hard and of a natural mix."""

    hard: NDArray[np.int64]
    natural: NDArray[np.int64]
    absent: tuple[int, int]
    limits: tuple[float, float]

    def sums(self, steps: Sequence[int]) -> tuple[int, float, float]:
        """Return right verifications, and the shares of false ones in the hard and in the natural mix."""
        strata_numbers = np.arange(len(steps))
        right, false = self.hard[strata_numbers, list(steps)].sum(axis=0).tolist()
        natural = int(self.natural[strata_numbers, list(steps), 1].sum())
        return right, false / self.absent[0], natural / self.absent[1]

    def excess(self, steps: Sequence[int]) -> float:
        """Return by how much the limits are exceeded, relative to them; 0 if they are met."""
        shares = self.sums(steps)[1:]
        return sum(max(0.0, share / limit - 1) for share, limit in zip(shares, self.limits, strict=True))

    def run(self) -> list[int]:
        """Return the steps: raise what costs the fewest right for each false one, then trade between two strata."""
        steps = [0] * len(self.hard)
        while (now := self.excess(steps)) > 0:
            right = self.sums(steps)[0]
            moves = [(to, now - self.excess(to)) for to in self._moves(steps) if self.excess(to) < now]
            steps = min(moves, key=lambda move: (right - self.sums(move[0])[0]) / move[1])[0]
        while better := [
            to
            for one in ([steps], self._moves(steps))
            for start in one
            for to in self._moves(start)
            if self.sums(to)[0] > self.sums(steps)[0] and not self.excess(to)
        ]:
            steps = max(better, key=lambda to: self.sums(to)[0])
        return steps

    @staticmethod
    def _moves(steps: Sequence[int]) -> list[list[int]]:
        """Return all steps that differ in one stratum."""
        return [
            [*steps[:number], to, *steps[number + 1 :]]
            for number, step in enumerate(steps)
            for to in range(len(STEPS))
            if to != step
        ]


def fit_thresholds(kind: str, sets: Sequence[Set], old: Mapping[str, float]) -> dict[str, float]:
    """Return the threshold of each stratum; a stratum without pairs keeps its old one."""
    names = [name for name, _ in strata(kind, np.zeros((0, len(FIELDS)), np.int8))]
    hard = [scored(matcher, rows, kind) for matcher, rows, _ in sets]
    natural = [scored(matcher, rows, kind) for matcher, _, rows in sets if rows]
    empty = np.zeros((len(names), len(STEPS), 2), np.int64)
    search = Search(
        sum((each.counts(len(names)) for each in hard), empty),
        sum((each.counts(len(names)) for each in natural), empty),
        (max(sum(each.absent for each in hard), 1), max(sum(each.absent for each in natural), 1)),
        LIMITS[kind],
    )
    steps = search.run()
    print(kind, search.sums(steps))
    seen = search.hard[:, 0].sum(axis=1)
    return {
        name: STEPS[step] if count else old[name] for name, step, count in zip(names, steps, seen.tolist(), strict=True)
    }
