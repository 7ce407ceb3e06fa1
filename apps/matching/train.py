"""Learning the weights from a roll and typed people, without labels: u from random pairs, m by expectation
maximisation.

Pure functions; who reads the people and writes the model is `manage.py train_matcher`.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from apps.matching.engine import Matcher
from apps.matching.fields import COLUMN, FIELDS, GROUPS, First, Last, Where
from apps.matching.levels import I8, compare
from apps.matching.model import Floats, Model
from apps.matching.person import Person, normalise
from apps.matching.pool import Pool
from apps.matching.query import resolve
from apps.matching.score import posterior, weights

# Levels whose u is a factor on the value's own share of the file: random pairs cannot tell it, and it is
# kept.
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
PRIOR_COUNT = 0.5  # added to every level: what was not seen is rare, not impossible


def learn_u(matcher: Matcher, people: Sequence[Person], pairs: int, seed: int) -> dict[str, Floats]:
    """How often chance shows each level: typed people against voters drawn at random."""
    rng = np.random.default_rng(seed)
    index = matcher.indexes[0]
    query = resolve(index, normalise(people))
    persons = rng.integers(0, len(people), pairs)
    levels = compare(index, query, persons, rng.integers(0, index.voters, pairs, dtype=np.uint32))
    counted = shares(levels, np.ones(pairs))
    return {name: _but(u, matcher.model.u[name], FACTORS.get(name, ())) for name, u in counted.items()}


def _but(learned: Floats, kept: Floats, levels: tuple[int, ...]) -> Floats:
    result = learned.copy()
    result[list(levels)] = kept[list(levels)]
    return result


def shares(levels: I8, weight: Floats) -> dict[str, Floats]:
    """The weighted share of each level among the pairs that have the field, within each group of levels."""
    result: dict[str, Floats] = {}
    for name, all_levels in FIELDS.items():
        column = levels[:, COLUMN[name]]
        given = column >= 0
        count = np.bincount(column[given], weight[given], minlength=len(all_levels)) + PRIOR_COUNT
        for group in GROUPS.get(name, (tuple(all_levels),)):
            members = list(group)
            count[members] /= count[members].sum()
        result[name] = count.astype(np.float64)
    return result


def learn_m(matcher: Matcher, people: Sequence[Person], kind: str, rounds: int = 12) -> Model:
    """The matcher's model with m learned by EM over the blocked pairs of typed people.

    For a matcher of one index. Each round weighs every pair by its probability under the last model
    (Dempster, Laird and Rubin 1977), against all other candidates and against nobody, and counts levels
    anew. The prior and the shares of near people stay.
    """
    model = matcher.model
    index = matcher.indexes[0]
    pairs, voters = matcher.pairs(people)
    query = resolve(index, normalise(people))
    pool = Pool([index])
    for _ in range(rounds):
        pairs.weights = weights(model, pool, index, query, pairs.person, pairs.row, pairs.levels)
        model = replace(model, m=shares(pairs.levels, posterior(model, kind, pairs, len(people), voters)))
    return model
