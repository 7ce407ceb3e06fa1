"""Estimate weights from a roll and unlabeled queries: u from random pairs, m by expectation maximization.

Pure functions; `manage.py train_matcher` reads the queries and writes the model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from apps.matching.engine import Matcher
from apps.matching.fields import COLUMN, FIELDS, GROUPS, First, Last, Where
from apps.matching.frequency_pool import Pool
from apps.matching.levels import I8, compare
from apps.matching.model import Floats, Model
from apps.matching.person import TypedPerson, normalize
from apps.matching.query import resolve
from apps.matching.score import posterior, weights

# Levels whose u is a factor on the value's own frequency: random pairs cannot estimate it, so it stays.
FACTORS: dict[str, tuple[int, ...]] = {
    "first": (First.SAME, First.NICKNAME, First.CLOSE, First.SIMILAR),
    "last": (Last.SAME, Last.CLOSE, Last.SOUNDS, Last.SIMILAR),
    "where": (
        Where.DOOR, Where.DOOR_OTHER_PLACE, Where.STREET, Where.HOUSE,
        Where.ZIP, Where.CITY, Where.PLACE_ZIP, Where.PLACE_CITY, Where.TOWN,
    ),
    "phone": (0,),
    "email": (0,),
}  # fmt: skip
LEAST_SEEN = 200
PRIOR_COUNT = 0.5  # added to every level: an unobserved level is rare, not impossible


def learn_u(matcher: Matcher, people: Sequence[TypedPerson], pairs: int, seed: int) -> dict[str, Floats]:
    """Estimate u-probabilities: the share of each level among queries paired with random voters."""
    rng = np.random.default_rng(seed)
    index = matcher.indexes[0]
    query = resolve(index, normalize(people))
    persons = rng.integers(0, len(people), pairs)
    levels = compare(index, query, persons, rng.integers(0, index.voters, pairs, dtype=np.uint32))
    counted = shares(levels, np.ones(pairs), matcher.model.u)
    return {name: _keep_levels(u, matcher.model.u[name], FACTORS.get(name, ())) for name, u in counted.items()}


def _keep_levels(learned: Floats, kept: Floats, levels: tuple[int, ...]) -> Floats:
    result = learned.copy()
    result[list(levels)] = kept[list(levels)]
    return result


def shares(levels: I8, weight: Floats, known: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the weighted share of each level among the pairs that have the field, within each group of levels.

    A group with fewer than LEAST_SEEN pairs keeps its value in `known`: a list without phone numbers gives no
    estimate for them.
    """
    result: dict[str, Floats] = {}
    for name, all_levels in FIELDS.items():
        column = levels[:, COLUMN[name]]
        given = column >= 0
        count = np.bincount(column[given], weight[given], minlength=len(all_levels)) + PRIOR_COUNT
        for group in GROUPS.get(name, (tuple(all_levels),)):
            members = list(group)
            seen = count[members].sum()
            count[members] = count[members] / seen if seen >= LEAST_SEEN else known[name][members]
        result[name] = count.astype(np.float64)
    return result


def learn_m(matcher: Matcher, people: Sequence[TypedPerson], kind: str, rounds: int = 12) -> Model:
    """Return the matcher's model with m-probabilities estimated by EM over the candidate pairs of the queries.

    For a matcher of one index. Each round weights every pair by its probability under the last model (Dempster, Laird
    and Rubin 1977), against all other candidates and no match, and recounts the levels. The prior and the shares of
    near people stay.
    """
    model = matcher.model
    index = matcher.indexes[0]
    pairs, voters = matcher.pairs(people)
    query = resolve(index, normalize(people))
    pool = Pool([index])
    for _ in range(rounds):
        pairs.weights = weights(model, pool, index, query, pairs.person, pairs.row, pairs.levels)
        model = replace(model, m=shares(pairs.levels, posterior(model, kind, pairs, len(people), voters), model.m))
    return model


def learn(matcher: Matcher, people: Sequence[TypedPerson], kind: str, pairs: int, seed: int) -> Model:
    """Return a new model from queries and a roll: u, then m, shrunk toward the old m by a third.

    The shrinkage keeps levels possible that the list happens not to show. Prior, near people and thresholds stay:
    unlabeled data cannot estimate them, see `certify`.
    """
    old = matcher.model
    learned = learn_m(Matcher(matcher.indexes, replace(old, u=learn_u(matcher, people, pairs, seed))), people, kind)
    return replace(learned, m={name: (old.m[name] + 2 * m) / 3 for name, m in learned.m.items()})
