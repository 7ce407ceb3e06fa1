"""Choose thresholds of a model: the most right verifications within limits on false ones, stratum by stratum."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching import Matcher, TypedPerson
from apps.matching.decide import strata
from apps.matching.engine import BATCH
from apps.matching.levels import Bools
from apps.matching.model import Floats
from tests.labelled.queries import Labelled

# Highest share of false verifications on the sets of the fit: of a hard mix, and of a natural one. They are below the
# limits (forms .3 % and .05 %, contacts .3 %), because the figures of other rolls scatter around those of the fit.
LIMITS = {"form": (0.0028, 0.0004), "contact": (0.0026, 1.0)}
STEPS = (0.5, 0.8, 0.9, *(round(0.95 + 0.0025 * n, 4) for n in range(20)), 0.9985, 0.999, 0.9995, 1.0)
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


def fit_thresholds(kind: str, sets: Sequence[Set]) -> dict[str, float]:
    """Return the threshold of each stratum: from the lowest, raise what costs the fewest right for each false one."""
    names = [name for name, _ in strata(kind, np.zeros((0, 9), np.int8))]
    hard = [scored(matcher, rows, kind) for matcher, rows, _ in sets]
    natural = [scored(matcher, rows, kind) for matcher, _, rows in sets if rows]
    counts, natural_counts = (sum((s.counts(len(names)) for s in each), np.zeros((len(names), len(STEPS), 2)))
                              for each in (hard, natural))  # fmt: skip
    absent, natural_absent = (max(sum(s.absent for s in each), 1) for each in (hard, natural))
    limits = LIMITS[kind]
    at = np.zeros(len(names), np.int64)

    def excess(steps: NDArray[np.int64]) -> float:
        rows = np.arange(len(names))
        return max(0.0, counts[rows, steps, 1].sum() / absent / limits[0] - 1) + max(
            0.0, natural_counts[rows, steps, 1].sum() / natural_absent / limits[1] - 1
        )

    while (now := excess(at)) > 0:
        moves = []
        for number in range(len(names)):
            for step in range(at[number] + 1, len(STEPS)):
                to = at.copy()
                to[number] = step
                gain = now - excess(to)
                lost = counts[number, at[number], 0] - counts[number, step, 0]
                if gain > 0:
                    moves.append((lost / gain, number, step))
        _, number, step = min(moves)
        at[number] = step
    rows = np.arange(len(names))
    present = sum(int(s.present.sum()) for s in hard)
    print(kind, "right", counts[rows, at, 0].sum() / present, "false", counts[rows, at, 1].sum() / absent,
          "natural", natural_counts[rows, at, 1].sum() / natural_absent)  # fmt: skip
    return {name: STEPS[step] for name, step in zip(names, at.tolist(), strict=True)}
