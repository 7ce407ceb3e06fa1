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

# Highest share of false verifications of a natural mix. They are below the limits (forms .05 %, contacts .3 %), because
# the figures of other rolls scatter around those of the fit.
LIMITS = {"form": 0.0004, "contact": 0.0026}
# A query with a birth date hardly ever verifies a wrong voter, and small rolls state lower probabilities: these strata
# keep their thresholds.
KEPT = {"form": ("dob", "year"), "contact": ()}
# Lowest thresholds. The natural mix of one roll has some 40 false forms in 100,000, and that of another one 52 at the
# same thresholds (.985 and .9875, which these sets alone would allow).
LOWEST = {"form": {"door": 0.99, "none": 0.9925}, "contact": {}}
STEPS = (*(round(0.95 + 0.0025 * n, 4) for n in range(20)), 0.9985, 0.999, 0.9995, 1.0)
Set = tuple[Matcher, Sequence[Labelled]]


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
    """The numbers of right and false verifications by stratum and step, and the lowest and highest step of each."""

    counts: NDArray[np.int64]
    allowed: Sequence[range]
    absent: int
    limit: float

    def sums(self, steps: Sequence[int]) -> tuple[int, float]:
        """Return right verifications, and the share of false ones."""
        right, false = self.counts[np.arange(len(steps)), list(steps)].sum(axis=0).tolist()
        return right, false / self.absent

    def run(self) -> list[int]:
        """Return the steps: raise what costs the fewest right for each false one, then trade between two strata."""
        steps = [steps.start for steps in self.allowed]
        while (now := self.sums(steps))[1] > self.limit:
            moves = [(to, self.sums(to)) for to in self._moves(steps)]
            steps = min(
                ((to, found) for to, found in moves if found[1] < now[1]),
                key=lambda move: (now[0] - move[1][0]) / (now[1] - move[1][1]),
            )[0]
        while better := [
            (found[0], to)
            for start in (steps, *self._moves(steps))
            for to in self._moves(start)
            if (found := self.sums(to))[0] > self.sums(steps)[0] and found[1] <= self.limit
        ]:
            steps = max(better)[1]
        return steps

    def _moves(self, steps: Sequence[int]) -> list[list[int]]:
        """Return all steps that differ in one stratum."""
        return [
            [*steps[:number], to, *steps[number + 1 :]]
            for number, step in enumerate(steps)
            for to in self.allowed[number]
            if to != step
        ]


def fit_thresholds(kind: str, sets: Sequence[Set], old: Mapping[str, float]) -> dict[str, float]:
    """Return the threshold of each stratum; a stratum without pairs keeps its old one."""
    names = [name for name, _ in strata(kind, np.zeros((0, len(FIELDS)), np.int8))]
    each = [scored(matcher, rows, kind) for matcher, rows in sets]
    counts = sum((one.counts(len(names)) for one in each), np.zeros((len(names), len(STEPS), 2), np.int64))
    kept = [number for number, name in enumerate(names) if name in KEPT[kind] or not counts[number, 0].any()]
    first = [STEPS.index(LOWEST[kind].get(name, STEPS[0])) for name in names]
    allowed = [range(at, at + 1 if number in kept else len(STEPS)) for number, at in enumerate(first)]
    search = Search(counts, allowed, max(sum(one.absent for one in each), 1), LIMITS[kind])
    steps = search.run()
    print(kind, search.sums(steps))
    return {
        name: old[name] if n in kept else STEPS[step] for n, (name, step) in enumerate(zip(names, steps, strict=True))
    }
