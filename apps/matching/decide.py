"""Decide verified, possible or none: apply vetoes, strata and thresholds to the match probabilities of a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from apps.matching.fields import COLUMN, MISSING, Dob, First, Last, Middle, Suffix, Where, members
from apps.matching.levels import I8, Bools
from apps.matching.model import Floats
from apps.matching.query import I64
from apps.matching.score import Pairs
from apps.matching.twins import resolve_twins

NONE, POSSIBLE, VERIFIED = range(3)
STATUS = ("none", "possible", "verified")
FILLED = 0.02  # lowest probability of a candidate that is named, and "possible" unless vetoed
VETOED_POSSIBLE = 0.5
# Levels at which birth dates agree, at which the place does not differ, and at which house or street agree.
DATED = members(Dob, (Dob.SAME, Dob.SWAPPED, Dob.ONE_OFF, Dob.YEAR_AND_PART, Dob.YEAR))
PLACED = members(Where, set(Where) - {Where.ELSEWHERE, Where.PLACE_DIFFERS, Where.TOWN_DIFFERS})
ADDRESSED = members(Where, (Where.DOOR, Where.DOOR_OTHER_PLACE, Where.STREET, Where.HOUSE))
# Levels at which a name alone identifies, where the other name is missing.
FIRST_AGREES = members(First, (First.SAME, First.NICKNAME, First.CLOSE))
LAST_AGREES = members(Last, (Last.SAME, Last.PART, Last.CLOSE))
MIDDLE_AGREES = members(Middle, (Middle.SAME, Middle.INITIAL))
SHOWN, MOST_CANDIDATES = 0.001, 10
CLOSE_RATIO = 0.05  # a runner-up with more than this share of the best probability is too close to decide


class Veto(IntFlag):
    """Reasons why a candidate is at most "possible", whatever its weight; the lower-case names are stable keys."""

    FIRST_NAME_DIFFERS = 1
    FIRST_NAME_MISSING = 2
    BIRTH_DATE_DIFFERS = 4
    SUFFIX_DIFFERS = 8
    SURNAME_DIFFERS = 16
    NAMESAKE_IN_HOUSEHOLD = 32
    SUFFIX_UNCERTAIN = 64
    NAME_ALONE = 128
    CLOSE_CANDIDATES = 256
    OTHER_DOOR = 512
    SURNAME_MISSING = 1024


# These vetoes contradict the candidate; the others only leave open which candidate matches, if any.
AGAINST = (
    Veto.FIRST_NAME_DIFFERS
    | Veto.BIRTH_DATE_DIFFERS
    | Veto.SUFFIX_DIFFERS
    | Veto.SURNAME_DIFFERS
    | Veto.SURNAME_MISSING  # a first name alone finds nobody
)


def veto_names(code: int) -> list[str]:
    """Return the stable keys of the vetoes in a code."""
    return [str(v.name).lower() for v in Veto if v & code]


@dataclass(slots=True)
class Decisions:
    """Decisions on a batch: arrays by query, and arrays by kept candidate in the order of queries and ranks.

    `needed` is the threshold of each query's best candidate.
    """

    status: NDArray[np.int8]
    first: I64
    count: I64
    pair: I64
    score: Floats
    veto: NDArray[np.int16]
    needed: Floats


Thresholds = Sequence[Mapping[str, float]]  # by index number, the threshold of each stratum


def decide(kind: str, thresholds: Thresholds, pairs: Pairs, scores: Floats, people: int) -> Decisions:
    """Rank the candidates of each query, and apply vetoes and thresholds to the best of them."""
    veto = _vetoes(kind, pairs, people)
    scores, unclear = resolve_twins(pairs.person, pairs.birth, pairs.slip, pairs.levels, scores)
    veto[unclear] |= Veto.CLOSE_CANDIDATES
    order = np.lexsort((pairs.row, pairs.source, -scores, pairs.person))
    person = pairs.person[order]
    start = np.searchsorted(person, np.arange(people))
    rank = np.arange(len(order)) - start[person]
    _veto_close(veto, scores, order, rank)
    kept = order[(rank < MOST_CANDIDATES) & (scores[order] >= SHOWN)]
    count = np.bincount(pairs.person[kept], minlength=people)
    first = np.cumsum(count) - count
    status = np.full(people, NONE, np.int8)
    has = np.flatnonzero(count)
    best = kept[first[has]]
    needed = np.ones(people)
    needed[has] = _needed(kind, thresholds, pairs.source[best], pairs.levels[best])
    status[has] = _status(scores[best], veto[best], needed[has])
    return Decisions(status, first, count, kept, scores[kept], veto[kept], needed)


def _status(score: Floats, veto: NDArray[np.int16], threshold: Floats) -> NDArray[np.int8]:
    possible = np.where(veto & AGAINST, score >= VETOED_POSSIBLE, score >= FILLED)
    verified = (veto == 0) & (score >= threshold)
    return np.where(verified, VERIFIED, np.where(possible, POSSIBLE, NONE)).astype(np.int8)


def strata(kind: str, levels: I8) -> list[tuple[str, Bools]]:
    """Return names and members of the strata of a kind, by the fields compared; each pair is in exactly one."""
    dob, where = levels[:, COLUMN["dob"]], levels[:, COLUMN["where"]]
    year = dob >= Dob.YEAR
    named = [("year", year), ("dob", (dob != MISSING) & ~year)]
    if kind == "form":
        named.append(("door", where == Where.DOOR))
    else:
        reach = (levels[:, COLUMN["phone"]] == 0) | (levels[:, COLUMN["email"]] == 0)
        named += [
            ("reach", reach),
            ("address", (where != MISSING) & (where <= Where.ELSEWHERE)),
            ("zip", where == Where.PLACE_ZIP),
            ("place", where != MISSING),
        ]
    result, remaining = [], np.ones(len(levels), bool)
    for name, inside in named:
        result.append((name, inside & remaining))
        remaining &= ~inside
    return [*result, ("none", remaining)]


def _needed(kind: str, thresholds: Thresholds, sources: NDArray[np.int16], levels: I8) -> Floats:
    """Return the threshold of each pair's stratum on its own index."""
    result = np.ones(len(levels))
    for name, inside in strata(kind, levels):
        result[inside] = np.array([stated[name] for stated in thresholds])[sources[inside]]
    return result


def _vetoes(kind: str, pairs: Pairs, people: int) -> NDArray[np.int16]:
    first, middle, last, dob, where, phone, email, suffix = (
        pairs.levels[:, COLUMN[x]] for x in ("first", "middle", "last", "dob", "where", "phone", "email", "suffix")
    )
    same_birth = dob == Dob.SAME
    # Birth date, address and one full name replace a missing name. Twins share surname, birth date and address, so
    # that without a first name the middle name must agree.
    addressed = same_birth & ADDRESSED[where]
    undated = dob == MISSING
    dated = DATED[dob]
    other = PLACED[where] | (phone == 0) | (email == 0) | dated
    # A contact with no field besides the name to compare is decided by how rare the name is.
    alone = ~other & ((where != MISSING) | (kind == "form"))
    rules = (
        (Veto.FIRST_NAME_DIFFERS, first == First.DIFFERS),
        (Veto.FIRST_NAME_MISSING, (first == MISSING) & ~(addressed & LAST_AGREES[last] & MIDDLE_AGREES[middle])),
        (Veto.BIRTH_DATE_DIFFERS, ~undated & ~dated),
        (Veto.SUFFIX_DIFFERS, suffix == Suffix.DIFFERS),
        (Veto.SURNAME_DIFFERS, (last == Last.DIFFERS) & ~same_birth),
        (Veto.SURNAME_MISSING, (last == MISSING) & ~(addressed & FIRST_AGREES[first])),
        (Veto.NAMESAKE_IN_HOUSEHOLD, undated & _namesakes(pairs, people)),
        (Veto.SUFFIX_UNCERTAIN, undated & pairs.marked & (suffix == MISSING)),
        (Veto.NAME_ALONE, alone),
        # The same house number on another street is a namesake's address as often as it is an error.
        (Veto.OTHER_DOOR, undated & (where == Where.HOUSE)),
    )
    veto = np.zeros(len(pairs), np.int16)
    for rule, applies in rules:
        veto[applies] |= rule
    return veto


_SAME_FIRST, _SAME_LAST = members(First, (First.SAME, First.NICKNAME)), members(Last, (Last.SAME, Last.PART))


def _namesakes(pairs: Pairs, people: int) -> Bools:
    """Return whether a query has two candidates with the same name at the same address."""
    first, last = pairs.levels[:, COLUMN["first"]], pairs.levels[:, COLUMN["last"]]
    same_name = _SAME_FIRST[first] & _SAME_LAST[last]
    same_address = same_name & (pairs.levels[:, COLUMN["where"]] == Where.DOOR)
    count = np.bincount(pairs.person[same_address], minlength=people)
    return np.asarray((count > 1)[pairs.person])


def _veto_close(veto: NDArray[np.int16], scores: Floats, order: I64, rank: I64) -> None:
    """Veto the best candidate of a query whose runner-up is too close."""
    second = np.flatnonzero(rank == 1)
    best, next_ = order[second - 1], order[second]
    close = scores[next_] > CLOSE_RATIO * scores[best]
    veto[best[close]] |= Veto.CLOSE_CANDIDATES
