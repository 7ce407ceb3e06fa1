"""Certify thresholds on the operator's own roll, which has no labeled data.

Sampled voters become perturbed queries, and each voter's own record is hidden, so that any verification is false. If
the exact upper bound of that rate misses the target, the thresholds rise until it meets it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from apps.matching import accuracy
from apps.matching.binomial import upper_bound
from apps.matching.certificate import Certificate, Stratum
from apps.matching.decide import decide, strata
from apps.matching.engine import BATCH, Matcher
from apps.matching.levels import Bools
from apps.matching.model import Floats
from apps.matching.person import TypedPerson, VoterRecord
from apps.matching.perturb import MOVED, perturbed_query_at
from apps.matching.query import I64
from apps.matching.score import Pairs, posterior

# Highest false-match rate: the share of people not on the roll who may be verified.
TARGETS = {"form": 0.001, "contact": 0.005}
# Smallest sample. In smaller ones a single false verification moves the bound too far to mean anything.
LEAST = {"form": 10_000, "contact": 5_000}


@dataclass(slots=True)
class Best:
    """The best unvetoed candidate of each query: score (0 if there is none), row, and membership in each stratum."""

    score: Floats
    row: I64
    members: dict[str, Bools]

    @classmethod
    def empty(cls, people: int, names: Sequence[str]) -> "Best":
        """Return arrays for the candidates of `people` queries, with no candidate yet."""
        return cls(np.zeros(people), np.full(people, -1, np.int64), {name: np.zeros(people, bool) for name in names})


def certify(matcher: Matcher, voters: Sequence[tuple[int, VoterRecord]], kind: str, seed: int) -> Certificate:
    """Certify the thresholds of a matcher of one index. `voters` are rows of the index with their records."""
    rng = Random(f"certify {seed}")
    model, index = matcher.model, matcher.indexes[0]
    records, own = [v for _, v in voters], np.array([row for row, _ in voters], np.int64)
    moved = np.array([rng.random() < MOVED for _ in voters], bool)
    homes = [rng.choice(records) if away else v for v, away in zip(records, moved, strict=True)]
    people = [perturbed_query_at(v, home, kind, rng) for v, home in zip(records, homes, strict=True)]
    shown, hidden = _best_candidates(matcher, people, kind, own)
    right = shown.row == own
    wrong = {name: hidden.score[inside] for name, inside in hidden.members.items()}
    known = {name: shown.score[inside & right] for name, inside in shown.members.items()}
    shipped, target = model.thresholds[kind], TARGETS[kind]
    certified = len(people) >= LEAST[kind]
    chosen = _thresholds(shipped, wrong, known, len(people), target) if certified else dict(shipped)
    verified = right & (shown.score >= _needed(shown, chosen))
    false = {name: int((scores >= chosen[name]).sum()) for name, scores in wrong.items()}
    return Certificate(
        kind=kind,
        model=model.version,
        snapshot=index.snapshot,
        seed=seed,
        people=len(people),
        target=target,
        certified=certified,
        false=sum(false.values()),
        upper=upper_bound(sum(false.values()), len(people)),
        recall=float(verified.mean()) if people else 0.0,
        strata={n: Stratum(chosen[n], false[n], int((known[n] >= chosen[n]).sum())) for n in shipped},
        recall_by=accuracy.recall_by_group(index, people, moved, verified) if people else {},
        calibration=accuracy.calibration(shown.score, right, hidden.score, model.prior[kind]),
    )


def _needed(best: Best, chosen: Mapping[str, float]) -> Floats:
    result = np.ones(len(best.score))
    for name, inside in best.members.items():
        result[inside] = chosen[name]
    return result


def _thresholds(
    shipped: Mapping[str, float], wrong: Mapping[str, Floats], right: Mapping[str, Floats], people: int, target: float
) -> dict[str, float]:
    """Return the shipped thresholds, raised where it costs the fewest true matches until the bound meets the target.

    Never lowers a threshold: the shipped ones also account for juniors and twins, whom hidden records hardly show.
    """
    if upper_bound(0, people) > target:
        raise ValueError(f"{people} people cannot show a rate of {target}")
    chosen = dict(shipped)
    while upper_bound(sum(int((wrong[n] >= chosen[n]).sum()) for n in chosen), people) > target:
        above = {n: float(np.nextafter(wrong[n][wrong[n] >= t].min(), 2.0)) for n, t in chosen.items()
                 if (wrong[n] >= t).any()}  # fmt: skip
        lost = {n: int(((right[n] >= chosen[n]) & (right[n] < to)).sum()) for n, to in above.items()}
        cheapest = min(lost, key=lambda n: (lost[n], n))
        chosen[cheapest] = above[cheapest]
    return chosen


def _best_candidates(matcher: Matcher, people: Sequence[TypedPerson], kind: str, own: I64) -> tuple[Best, Best]:
    """Return the best candidates of the queries, with their own records visible and with them hidden."""
    names = list(matcher.model.thresholds[kind])
    shown, hidden = Best.empty(len(people), names), Best.empty(len(people), names)
    for at in range(0, len(people), BATCH):
        batch = people[at : at + BATCH]
        pairs, voters = matcher.pairs(batch)
        others = pairs.row != own[at : at + BATCH][pairs.person]
        without = Pairs(*(getattr(pairs, name)[others] for name in Pairs.__slots__))
        for best, some in ((shown, pairs), (hidden, without)):
            _take(best, matcher, kind, some, voters, at)
    return shown, hidden


def _take(best: Best, matcher: Matcher, kind: str, pairs: Pairs, voters: I64, at: int) -> None:
    """Store in `best` the best unvetoed candidates of a batch that begins at query `at`."""
    scores = posterior(matcher.model, kind, pairs, len(voters), voters)
    decisions = decide(kind, [matcher.model.thresholds[kind]], pairs, scores, len(voters))
    has = np.flatnonzero(decisions.count)
    first = decisions.first[has]
    clear = decisions.veto[first] == 0
    chosen, people = decisions.pair[first[clear]], at + has[clear]
    best.score[people], best.row[people] = scores[chosen], pairs.row[chosen]
    for name, inside in strata(kind, pairs.levels[chosen]):
        best.members[name][people] = inside
