"""Convert agreement levels to match weights, and the weights of all candidates to the probability of each.

Weights are ln(m/u) (Fellegi and Sunter 1969). Where the value's own frequency is known, it replaces u (Winkler's term
frequency adjustment): agreement on SMITH is weaker evidence than on a surname of three voters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.fields import COLUMN, First, Last, Where, members
from apps.matching.frequency_pool import Pool
from apps.matching.index import VoterIndex
from apps.matching.levels import I8
from apps.matching.model import Floats, Model, Near
from apps.matching.person import U32, U64
from apps.matching.query import I64, Query, Texts

_FIRST, _LAST, _DOB, _WHERE, _PHONE, _EMAIL = (COLUMN[x] for x in ("first", "last", "dob", "where", "phone", "email"))
MOST = 60.0  # e**60 is far beyond certainty; larger exponents would overflow


def weights(model: Model, pool: Pool, index: VoterIndex, query: Query, people: I64, rows: U32, levels: I8) -> Floats:
    """Return the match weight of each field of each pair, 0 for missing fields."""
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


def _first_shares(pool: Pool, index: VoterIndex, query: Query, people: I64, voter_codes: U32, levels: I8) -> Floats:
    """Return logarithms of the term frequency of a first name's level, for levels with such a factor."""
    result = np.zeros(len(levels))
    at = np.flatnonzero(levels == First.SAME)
    result[at] = pool.log_name(index, voter_codes[at], "first")
    at = np.flatnonzero(levels == First.NICKNAME)
    query_share = _query_shares(pool, query.first, "first")[query.first.number[people[at]]]
    result[at] = np.log(query_share + SHORT_FORM_SHARE * np.exp(pool.log_name(index, voter_codes[at], "group")))
    at = np.flatnonzero((levels == First.CLOSE) | (levels == First.SIMILAR))
    result[at] = np.log(_query_shares(pool, query.first, "first"))[query.first.number[people[at]]]
    return result


def _last_shares(pool: Pool, index: VoterIndex, query: Query, people: I64, voter_codes: U32, levels: I8) -> Floats:
    result = np.zeros(len(levels))
    at = np.flatnonzero(levels == Last.SAME)
    result[at] = pool.log_name(index, voter_codes[at], "last")
    at = np.flatnonzero(_LAST_BY_QUERY[levels])
    result[at] = np.log(_query_shares(pool, query.last, "last"))[query.last.number[people[at]]]
    return result


def _query_shares(pool: Pool, texts: Texts, column: str) -> Floats:
    """Return the share of voters with each query name; a name no voter has gets the least share.

    A name that is close to MARIA is weak evidence if it is MARIE, a name of its own, and strong if it is MRAIA.
    """
    return np.asarray(np.maximum(pool.query_counts(texts, column) / pool.voters, MINIMUM_SHARE[column]))


MINIMUM_SHARE = {"first": 2e-5, "last": 4e-6}
SHORT_FORM_SHARE = 0.1  # share of a nickname group that enters one given short form


def _place_shares(pool: Pool, index: VoterIndex, voters: NDArray[np.void], levels: I8) -> Floats:
    result = np.zeros(len(levels))
    at = np.flatnonzero(_BY_ZIP[levels])
    result[at] = pool.log_zip(voters["zip"][at])
    at = np.flatnonzero(_BY_CITY[levels])
    result[at] = pool.log_city(index, voters["city"][at])
    result[(levels == Where.DOOR) | (levels == Where.DOOR_OTHER_PLACE)] = -np.log(pool.voters)
    return result


_BY_ZIP = members(Where, (Where.STREET, Where.HOUSE, Where.ZIP, Where.PLACE_ZIP))
_BY_CITY = members(Where, (Where.CITY, Where.PLACE_CITY, Where.TOWN))
_LAST_BY_QUERY = members(Last, (Last.CLOSE, Last.SOUNDS, Last.SIMILAR))


@dataclass(slots=True)
class Pairs:
    """All candidate pairs of a batch, over every index searched.

    `marked` tells whether either side has a suffix; `sex` is the voter's; `kin` is the query's kinship (see
    `Pool.kinship`), and `common` the frequency of the voter's name relative to that of an average voter. `birth` and
    `slip` distinguish twins (see `twins`).
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
    """Return the probability that each candidate is the person, against all other candidates and no match.

    `voters` is, per query, the number of voters searched (N). With L the prior share of people on the roll, P(i) =
    e^w(i) L/N / ((1-L) A + sum e^w(j) L/N): A is how much better than pure chance a person who is not on the roll
    explains the query, either unrelated to any voter or near one.
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
            # Most relatives' voters are no candidates because first names differ; their expected number is used
            # instead.
            by_surname = np.zeros(people)
            by_surname[pairs.person] = near.share * pairs.kin
            by_voter = np.maximum(by_voter, by_surname)
        absent += by_voter
    return np.asarray(evidence / (known + (1 - prior) * absent)[pairs.person])


RELATIVE = "relative"


def _near_voters(near: Near, ratios: tuple[Floats, dict[str, Floats]], pairs: Pairs) -> Floats:
    """Return per candidate how much likelier than by chance the query is a person near that voter.

    A relative shares surname, address and telephone; a junior the first name too; a twin the birth date; a namesake
    both names and the city. The shared fields are no evidence for the candidate.
    """
    factor, added = ratios
    log_ratio = pairs.weights @ factor
    for name, by_level in added.items():
        log_ratio += by_level[pairs.levels[:, COLUMN[name]]]
    shares = near.share * near.by_sex[pairs.sex]
    if near.by_chance:
        shares *= 1 - near.by_chance + near.by_chance * pairs.common
    return np.asarray(shares * np.exp(np.minimum(log_ratio, MOST)))
