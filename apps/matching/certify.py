"""Certifying thresholds on the operator's own roll, where nobody has labels.

Voters are drawn, typed as people type, and each one's own record is hidden: whatever is verified then is
somebody else. The counts give each stratum the lowest threshold whose exact upper bound meets the target.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from apps.matching import accuracy
from apps.matching.binomial import upper_bound
from apps.matching.certificate import Certificate, Stratum
from apps.matching.decide import decide, strata
from apps.matching.engine import Matcher
from apps.matching.levels import Bools
from apps.matching.model import Floats, Model
from apps.matching.person import Person, VoterRecord
from apps.matching.perturb import MOVED, typed_at
from apps.matching.query import I64
from apps.matching.score import Pairs, posterior

BATCH = 4_000
TARGETS = {
    "form": 0.001,
    "contact": 0.005,
}  # of people who are not in the file, so many may be verified at most


@dataclass(slots=True)
class Best:
    """The best unvetoed candidate of each person: score (0 where there is none), row, and strata by name."""

    score: Floats
    row: I64
    members: dict[str, Bools]


def people_needed(model: Model, kind: str) -> int:
    """The least sample that can show the target: that many without one false verification."""
    share = _share(model, kind)
    return next(n for n in range(1_000, 1_000_000, 1_000) if upper_bound(0, n) <= share)


def _share(model: Model, kind: str) -> float:
    """Each stratum gets an equal part of the target, so that all together keep it."""
    return TARGETS[kind] / len(model.thresholds[kind])


def certify(matcher: Matcher, voters: Sequence[tuple[int, VoterRecord]], kind: str, seed: int) -> Certificate:
    """Certifies the thresholds of a matcher of one index. `voters` are rows of the index with their
    records.
    """
    rng = Random(f"certify {seed}")
    model, index = matcher.model, matcher.indexes[0]
    records, own = [v for _, v in voters], np.array([row for row, _ in voters], np.int64)
    moved = np.array([rng.random() < MOVED for _ in voters])
    homes = [rng.choice(records) if away else v for v, away in zip(records, moved, strict=True)]
    people = [typed_at(v, home, kind, rng) for v, home in zip(records, homes, strict=True)]
    hidden, shown = best_candidates(matcher, people, kind, own), best_candidates(matcher, people, kind, None)
    right = shown.row == own
    found, sure = {}, np.zeros(len(people), bool)
    for name, shipped in model.thresholds[kind].items():
        known = shown.members[name] & right
        found[name] = _stratum(hidden.score[hidden.members[name]], shown.score[known], len(people), shipped,
                                _share(model, kind))  # fmt: skip
        sure |= known & (shown.score >= found[name].threshold)
    false = sum(s.false for s in found.values())
    return Certificate(
        kind=kind,
        model=model.version,
        snapshot=index.snapshot,
        seed=seed,
        people=len(people),
        target=TARGETS[kind],
        false=false,
        upper=upper_bound(false, len(people)),
        recall=float(sure.mean()) if people else 0.0,
        strata=found,
        card=accuracy.card(index, people, moved, shown.score, right, sure),
    )


def _stratum(wrong: Floats, right: Floats, people: int, shipped: float, share: float) -> Stratum:
    """The shipped threshold, or the lowest above it at which the upper bound of false verification meets `share`.

    Never below the shipped one: that was set on juniors and twins as well, of whom hidden voters tell little.
    """
    threshold, certified = shipped, upper_bound(0, people) <= share
    if certified:
        scores, allowed = np.sort(wrong)[::-1], 0
        while allowed < len(scores) and upper_bound(allowed + 1, people) <= share:
            allowed += 1
        if allowed < len(scores):
            threshold = max(shipped, float(np.nextafter(scores[allowed], 2.0)))  # the next false one stays below
    false = int((wrong >= threshold).sum())
    return Stratum(threshold, false, upper_bound(false, people), certified, int((right >= threshold).sum()))


def best_candidates(matcher: Matcher, people: Sequence[Person], kind: str, hide: I64 | None) -> Best:
    """The best candidates of people, whose own rows are hidden where `hide` gives them."""
    score, row = np.zeros(len(people)), np.full(len(people), -1, np.int64)
    members = {name: np.zeros(len(people), bool) for name in matcher.model.thresholds[kind]}
    for at in range(0, len(people), BATCH):
        batch = people[at : at + BATCH]
        pairs, voters = matcher.pairs(batch)
        if hide is not None:
            pairs = _without(pairs, pairs.row != hide[at : at + BATCH][pairs.person])
        scores = posterior(matcher.model, kind, pairs, len(batch), voters)
        decisions = decide(kind, [matcher.model.thresholds[kind]], pairs, scores, len(batch))
        has = np.flatnonzero(decisions.count)
        first = decisions.first[has]
        clear = decisions.veto[first] == 0
        best = decisions.pair[first[clear]]
        score[at + has[clear]], row[at + has[clear]] = scores[best], pairs.row[best]
        for name, inside in strata(kind, pairs.levels[best]):
            members[name][at + has[clear]] = inside
    return Best(score, row, members)


def _without(pairs: Pairs, kept: NDArray[np.bool_]) -> Pairs:
    return Pairs(*(getattr(pairs, name)[kept] for name in Pairs.__slots__))
