"""From levels to weights, and from the weights of all candidates to the probability of each.

Weights are ln(m/u) (Fellegi and Sunter 1969), with u replaced by the value's own frequency where that is
known (Winkler's term frequencies): to share SMITH says less than to share a surname borne by three voters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.fields import COLUMN, First, Last, Where
from apps.matching.frequency_pool import Pool
from apps.matching.index import VoterIndex
from apps.matching.levels import I8
from apps.matching.model import Floats, Model, Near
from apps.matching.person import U32, U64
from apps.matching.query import I64, Query, Texts

_FIRST, _LAST, _DOB, _WHERE, _PHONE, _EMAIL = (COLUMN[x] for x in ("first", "last", "dob", "where", "phone", "email"))
MOST = 60.0  # e to the 60th is certainty many times over; beyond it only overflow waits


def weights(model: Model, pool: Pool, index: VoterIndex, query: Query, people: I64, rows: U32, levels: I8) -> Floats:
    """The weight of each field of each pair, 0 where the field is missing."""
    result = np.zeros(levels.shape)
    for name, column in COLUMN.items():
        result[:, column] = model.log_ratio[name][levels[:, column]]
    voters = index.rows[rows]
    result[:, _FIRST] -= _first_shares(pool, index, query, people, voters["first"], levels[:, _FIRST])
    result[:, _LAST] -= _last_shares(pool, index, query, people, voters["last"], levels[:, _LAST])
    result[:, _WHERE] -= _place_shares(pool, index, voters, levels[:, _WHERE])
    for column in (_PHONE, _EMAIL):
        result[levels[:, column] == 0, column] += np.log(pool.voters)
    return result


def _first_shares(pool: Pool, index: VoterIndex, query: Query, people: I64, filed: U32, levels: I8) -> Floats:
    """Logarithms of the chance of a first name's level: the factor's other half, for levels that have one."""
    result = np.zeros(len(levels))
    at = np.flatnonzero(levels == First.SAME)
    result[at] = pool.log_name(index, filed[at], "first")
    at = np.flatnonzero(levels == First.NICKNAME)
    typed = _typed_shares(pool, query.first, "first")[query.first.number[people[at]]]
    result[at] = np.log(typed + GROUP_TYPED * np.exp(pool.log_name(index, filed[at], "group")))
    at = np.flatnonzero((levels == First.CLOSE) | (levels == First.SIMILAR))
    result[at] = np.log(_typed_shares(pool, query.first, "first"))[query.first.number[people[at]]]
    return result


def _last_shares(pool: Pool, index: VoterIndex, query: Query, people: I64, filed: U32, levels: I8) -> Floats:
    result = np.zeros(len(levels))
    at = np.flatnonzero(levels == Last.SAME)
    result[at] = pool.log_name(index, filed[at], "last")
    at = np.flatnonzero(np.isin(levels, (Last.CLOSE, Last.SOUNDS, Last.SIMILAR)))
    result[at] = np.log(_typed_shares(pool, query.last, "last"))[query.last.number[people[at]]]
    return result


def _typed_shares(pool: Pool, texts: Texts, column: str) -> Floats:
    """The share of voters who have each typed name; a name that nobody has is a slip, and has the least
    share.

    To be close to MARIA says little for somebody who typed MARIE, a name of its own, and much for MRAIA.
    """
    return np.asarray(np.maximum(pool.typed_counts(texts, column) / pool.voters, LEAST_SHARE[column]))


LEAST_SHARE = {"first": 2e-5, "last": 4e-6}
GROUP_TYPED = 0.1  # of a nickname group, how many type one given short form


def _place_shares(pool: Pool, index: VoterIndex, voters: NDArray[np.void], levels: I8) -> Floats:
    result = np.zeros(len(levels))
    at = np.flatnonzero(np.isin(levels, _BY_ZIP))
    result[at] = pool.log_zip(voters["zip"][at])
    at = np.flatnonzero(np.isin(levels, _BY_CITY))
    result[at] = pool.log_city(index, voters["city"][at])
    result[(levels == Where.DOOR) | (levels == Where.DOOR_OTHER_PLACE)] = -np.log(pool.voters)
    return result


_BY_ZIP = (Where.STREET, Where.HOUSE, Where.ZIP, Where.PLACE_ZIP)
_BY_CITY = (Where.CITY, Where.PLACE_CITY, Where.TOWN)


@dataclass(slots=True)
class Pairs:
    """All pairs of a batch, of every index searched.

    `marked` where either side has a suffix; `sex` is the voter's; `kin` is the person's (see `Pool.kin`) and `common`
    the voter's name's commonness against that of an average voter. `birth` and `slip` tell twins apart (see `twins`).
    """

    person: I64
    source: NDArray[np.int16]
    row: U32
    levels: I8
    weights: Floats
    marked: NDArray[np.bool_]
    sex: NDArray[np.uint8]
    kin: Floats
    common: Floats
    birth: U64
    slip: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.person)


def posterior(model: Model, kind: str, pairs: Pairs, people: int, voters: NDArray[np.int64]) -> Floats:
    """The probability that each candidate is the person, against all other candidates and against nobody.

    `voters` is, per person, how many voters were searched (N). With L the prior share of people in the
    file, P(i) = e^w(i) L/N / ((1-L) A + sum e^w(j) L/N): A is how much better than chance alone the person who
    is not registered explains what was typed, as anybody or as somebody near a voter.
    """
    prior = model.prior[kind]
    n = voters[pairs.person]
    evidence = np.exp(np.minimum(pairs.weights.sum(axis=1), MOST)) * prior / n
    known = np.bincount(pairs.person, weights=evidence, minlength=people)
    absent = np.full(people, 1.0 - sum(near.share for near in model.near.values()))
    for name, near in model.near.items():
        by_voter = np.bincount(
            pairs.person, weights=_near_voters(near, model.near_ratios[name], pairs) / n, minlength=people
        )
        if name == RELATIVE:
            # Most relatives' voters are no candidates, for first names differ: their number is counted instead.
            by_surname = np.zeros(people)
            by_surname[pairs.person] = near.share * pairs.kin
            by_voter = np.maximum(by_voter, by_surname)
        absent += by_voter
    return np.asarray(evidence / (known + (1 - prior) * absent)[pairs.person])


RELATIVE = "relative"


def _near_voters(near: Near, ratios: tuple[Floats, dict[str, Floats]], pairs: Pairs) -> Floats:
    """Per candidate, how much likelier than by chance the typed person is somebody near that voter.

    A relative shares surname, address and telephone; a junior the first name too; a twin the birth date; a
    namesake both names and the city. What they share is no evidence for the candidate himself.
    """
    factor, added = ratios
    log_ratio = pairs.weights @ factor
    for name, by_level in added.items():
        log_ratio += by_level[pairs.levels[:, COLUMN[name]]]
    shares = near.share * near.by_sex[pairs.sex]
    if near.by_chance:
        shares *= 1 - near.by_chance + near.by_chance * pairs.common
    return np.asarray(shares * np.exp(np.minimum(log_ratio, MOST)))
