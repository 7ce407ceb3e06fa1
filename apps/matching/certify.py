"""Certifying thresholds on the operator's own roll, where nobody has labels.

Voters are drawn, typed as people type, and each one's own record is hidden: whatever is verified then is
somebody else. The counts give each stratum the lowest threshold whose exact upper bound meets the target.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from apps.matching.binomial import upper_bound
from apps.matching.decide import decide, strata
from apps.matching.engine import Matcher
from apps.matching.levels import Bools
from apps.matching.model import Floats
from apps.matching.person import Person, VoterRecord
from apps.matching.perturb import typed
from apps.matching.query import I64
from apps.matching.score import Pairs, posterior

BATCH = 4_000
# Hidden voters tell nothing of twins and juniors who never registered, so no threshold falls below this.
LOWEST = 0.9
TARGETS = {
    "form": 0.001,
    "contact": 0.005,
}  # of people who are not in the file, so many may be verified at most


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum's result. `certified` is False where the sample is too small to show the target: then
    the shipped threshold stands, and says so.
    """

    threshold: float
    false: int
    upper: float
    certified: bool
    right: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was shown of one kind on one snapshot, for keeping with it. `recall` is of the same people, not
    hidden.
    """

    kind: str
    model: str
    snapshot: str
    seed: int
    people: int
    target: float
    false: int
    upper: float
    recall: float
    strata: dict[str, Stratum]

    @property
    def certified(self) -> bool:
        """Whether every stratum that verified anybody met its part of the target."""
        return all(s.certified for s in self.strata.values())


@dataclass(slots=True)
class Best:
    """The best unvetoed candidate of each person: score (0 where there is none), row, and strata by name."""

    score: Floats
    row: I64
    members: dict[str, Bools]


def certify(matcher: Matcher, voters: Sequence[tuple[int, VoterRecord]], kind: str, seed: int) -> Certificate:
    """Certifies the thresholds of a matcher of one index. `voters` are rows of the index with their
    records.
    """
    rng = Random(f"certify {seed}")
    records = [v for _, v in voters]
    own = np.array([row for row, _ in voters], np.int64)
    people = [typed(v, kind, records, rng) for v in records]
    hidden, shown = best_candidates(matcher, people, kind, own), best_candidates(matcher, people, kind, None)
    share = TARGETS[kind] / len(hidden.members)
    found = {}
    for name, shipped in matcher.model.thresholds[kind].items():
        right = shown.score[shown.members[name] & (shown.row == own)]
        found[name] = _stratum(hidden.score[hidden.members[name]], right, len(people), share, shipped)
    false = sum(s.false for s in found.values())
    return Certificate(
        kind,
        matcher.model.version,
        matcher.indexes[0].snapshot,
        seed,
        len(people),
        TARGETS[kind],
        false,
        upper_bound(false, len(people)),
        sum(s.right for s in found.values()) / max(len(people), 1),
        found,
    )


def _stratum(wrong: Floats, right: Floats, people: int, share: float, shipped: float) -> Stratum:
    """The lowest threshold at which the upper bound of false verification meets the stratum's share."""
    if upper_bound(0, people) > share:
        false = int((wrong >= shipped).sum())
        return Stratum(shipped, false, upper_bound(false, people), False, int((right >= shipped).sum()))
    scores = np.sort(wrong)[::-1]
    allowed = 0
    while allowed < len(scores) and upper_bound(allowed + 1, people) <= share:
        allowed += 1
    # The next false one must stay below.
    threshold = max(LOWEST, float(np.nextafter(scores[allowed], 2.0)) if allowed < len(scores) else LOWEST)
    false = int((wrong >= threshold).sum())
    return Stratum(threshold, false, upper_bound(false, people), True, int((right >= threshold).sum()))


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
        decisions = decide(matcher.model, kind, pairs, scores, len(batch))
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
