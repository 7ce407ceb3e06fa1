"""From levels to weights, and from the weights of all candidates to the probability of each.

Weights are ln(m/u) (Fellegi and Sunter 1969), with u replaced by the value's own frequency where that is
known (Winkler's term frequencies): to share SMITH says less than to share a surname borne by three voters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.fields import COLUMN, First, Last, Where
from apps.matching.index import VoterIndex
from apps.matching.levels import I8
from apps.matching.model import Floats, Model
from apps.matching.person import U32
from apps.matching.pool import Pool
from apps.matching.query import I64

_FIRST, _LAST, _DOB, _WHERE, _PHONE, _EMAIL = (
    COLUMN[x] for x in ("first", "last", "dob", "where", "phone", "email")
)
MOST = 60.0  # e to the 60th is certainty many times over; beyond it only overflow waits


def weights(model: Model, pool: Pool, index: VoterIndex, rows: U32, levels: I8) -> Floats:
    """The weight of each field of each pair, 0 where the field is missing."""
    result = np.zeros(levels.shape)
    for name, column in COLUMN.items():
        ratio = np.log(np.maximum(model.m[name], 1e-9)) - np.log(np.maximum(model.u[name], 1e-9))
        # MISSING is -1 and so reads the last entry.
        result[:, column] = np.append(ratio, 0.0)[levels[:, column]]
    for column, chance in _own_shares(pool, index, rows, levels):
        result[:, column] -= chance
    return result


def _own_shares(pool: Pool, index: VoterIndex, rows: U32, levels: I8) -> list[tuple[int, Floats]]:
    """Logarithms of the share of the file that has the value, for the levels whose u is a factor on it."""
    voters, alone = index.rows[rows], -np.log(pool.voters)
    first, last, where = levels[:, _FIRST], levels[:, _LAST], levels[:, _WHERE]
    by_first, by_last, by_place = np.zeros((3, len(rows)))
    for column, on, of in (("first", First.SAME, by_first), ("group", First.NICKNAME, by_first)):
        at = np.flatnonzero(first == on)
        of[at] = pool.log_name(index, voters["first"][at], column)
    at = np.flatnonzero(last == Last.SAME)
    by_last[at] = pool.log_name(index, voters["last"][at], "last")
    at = np.flatnonzero(np.isin(where, _BY_ZIP))
    by_place[at] = pool.log_zip(voters["zip"][at])
    at = np.flatnonzero(np.isin(where, _BY_CITY))
    by_place[at] = pool.log_city(index, voters["city"][at])
    by_place[(where == Where.DOOR) | (where == Where.DOOR_OTHER_PLACE)] = alone
    by_phone = np.where(levels[:, _PHONE] == 0, alone, 0.0)
    by_mail = np.where(levels[:, _EMAIL] == 0, alone, 0.0)
    return [(_FIRST, by_first), (_LAST, by_last), (_WHERE, by_place), (_PHONE, by_phone), (_EMAIL, by_mail)]


_BY_ZIP = (Where.STREET, Where.HOUSE, Where.ZIP, Where.PLACE_ZIP)
_BY_CITY = (Where.CITY, Where.PLACE_CITY)


@dataclass(slots=True)
class Pairs:
    """All pairs of a batch, of every index searched, sorted by person. `voters` is the size of the file
    searched.
    """

    person: I64
    source: NDArray[np.int16]
    row: U32
    levels: I8
    weights: Floats
    marked: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.person)


def posterior(model: Model, kind: str, pairs: Pairs, people: int, voters: NDArray[np.int64]) -> Floats:
    """The probability that each candidate is the person, against all other candidates and against nobody.

    `voters` is, per person, how many voters were searched (N). With L the prior share of people in the
    file, P(i) = e^w(i) L/N / ((1-L) (1 + s) + sum e^w(j) L/N): (1-L) is the person who is not registered,
    and s how much better than chance the best explanation by somebody near a candidate (relative,
    namesake) does.
    """
    prior = model.prior[kind]
    n = voters[pairs.person]
    evidence = np.exp(np.minimum(pairs.weights.sum(axis=1), MOST)) * prior / n
    nobody = 1.0 + _near_candidates(model, pairs, people, n)
    total = np.bincount(pairs.person, weights=evidence, minlength=people) + (1 - prior) * nobody
    return np.asarray(evidence / total[pairs.person])


def _near_candidates(model: Model, pairs: Pairs, people: int, n: NDArray[np.int64]) -> Floats:
    """Per person, the largest likelihood ratio of "somebody else, near this candidate" against "somebody at
    random".

    A relative shares surname, address and telephone; a junior the first name too; a twin the birth date; a
    namesake both names and the city. What they share is no evidence for the candidate himself.
    """
    if not len(pairs):
        return np.zeros(people)
    good = np.clip(pairs.weights, 0.0, None)
    home = good[:, _LAST] + good[:, _WHERE] + good[:, _PHONE]
    first, dob = good[:, _FIRST], good[:, _DOB]
    name = first + good[:, _LAST]
    shares = (
        (model.others.relative, home),
        (model.others.junior, home + first),
        (model.others.twin, home + dob),
        (model.others.namesake, name + np.minimum(good[:, _WHERE], CITY_SHARED)),
    )
    ratio = sum(share * np.exp(np.minimum(by, MOST)) for share, by in shares) / n
    best = np.zeros(people)
    np.maximum.at(best, pairs.person, ratio)
    return best


CITY_SHARED = 5.0  # ln of how much rarer a city is than the state: what a namesake in the city shares at most
