"""Comparison levels of pairs of a typed person and a voter, field by field, for many pairs at once.

There is one path: a single person is a batch of one, so both give the same levels by construction.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from apps.matching import similarity
from apps.matching.fields import COLUMN, MISSING, Dob, First, Last, Where
from apps.matching.index import VoterIndex
from apps.matching.index.vocabulary import Standing
from apps.matching.normalize.address.columns import Doors, doors_differ
from apps.matching.person import LETTER_UNITS, SUFFIX_CODES, U32
from apps.matching.query import I64, Query, Texts

I8 = NDArray[np.int8]
Bools = NDArray[np.bool_]


def compare(index: VoterIndex, query: Query, people: I64, rows: U32) -> I8:
    """The matrix of levels: one line per pair of `people[i]` and the index's voter `rows[i]`."""
    voters = index.rows[rows]
    levels = np.full((len(people), len(COLUMN)), MISSING, np.int8)
    first, last = _names(index, query, people, voters)
    levels[:, COLUMN["first"]], levels[:, COLUMN["last"]] = first, last
    levels[:, COLUMN["middle"]] = _by_pairs(
        query.middle, people, voters["middle"], index.names, similarity.middle_level, same=-2
    )
    levels[:, COLUMN["dob"]] = _dob(query, people, voters)
    levels[:, COLUMN["sex"]] = _equal(query.normal.sex[people], voters["sex"])
    levels[:, COLUMN["where"]] = _where(index, query, people, voters)
    levels[:, COLUMN["phone"]] = _equal(query.normal.phone[people], voters["phone"])
    levels[:, COLUMN["email"]] = _equal(query.normal.email[people], voters["email"])
    levels[:, COLUMN["suffix"]] = _suffix(query.normal.suffix[people], voters["suffix"])
    return levels


def _equal(typed: NDArray[np.unsignedinteger], filed: NDArray[np.unsignedinteger]) -> I8:
    """0 same, 1 differs, MISSING where either is 0."""
    level: I8 = (typed != filed).astype(np.int8)
    level[(typed == 0) | (filed == 0)] = MISSING
    return level


def _by_pairs(
    typed: Texts,
    people: I64,
    filed: U32,
    vocabulary: Standing,
    level_of: Callable[[str, str], int],
    same: int = 0,
) -> I8:
    """Levels of two columns of texts; equal codes are level `same`, each other distinct pair is judged once.

    A negative `same` has equal texts judged too (two equal initials are not two equal names).
    """
    number = typed.number[people]
    codes = typed.code[number]
    missing = (np.array([not t for t in typed.text])[number]) | (filed == 0)
    level = np.full(len(people), max(same, 0), np.int8)
    level[missing] = MISSING
    open_ = np.flatnonzero(~missing & ((codes != filed) | (same < 0)))
    pairs, back = np.unique((number[open_] << 32) | filed[open_], return_inverse=True)
    text, text_of = typed.text, vocabulary.text_of
    judged = [level_of(text[p >> 32], text_of(p & 0xFFFFFFFF)) for p in pairs.tolist()]
    level[open_] = np.array(judged, np.int8)[back]
    return level


def _names(index: VoterIndex, query: Query, people: I64, voters: NDArray[np.void]) -> tuple[I8, I8]:
    """First and last names, with what may stand in the other's place."""
    first = _by_pairs(query.first, people, voters["first"], index.names, similarity.first_level)
    last = _by_pairs(query.compared_last, people, voters["last"], index.names, similarity.last_level)
    first_code, middle_code, last_code = (t.codes[people] for t in (query.first, query.middle, query.last))
    by_middle = ((first_code == voters["middle"]) & (first_code > 0)) | (
        (middle_code == voters["first"]) & (middle_code > 0)
    )
    first[by_middle & (first == First.DIFFERS)] = First.MIDDLE_NAME
    kept = ((last_code == voters["middle"]) & (last_code > 0)) | ((middle_code == voters["last"]) & (middle_code > 0))
    last[kept & (last == Last.DIFFERS)] = Last.MIDDLE_NAME
    swapped = (first_code == voters["last"]) & (last_code == voters["first"]) & (first_code != last_code)
    swapped &= (first_code > 0) & (last_code > 0)
    first[swapped], last[swapped] = First.SAME, Last.SWAPPED
    return first, last


def _one_digit(a: NDArray[np.int32], b: NDArray[np.int32]) -> Bools:
    """Whether two numbers below 100 differ by one digit or by its digits' order."""
    tens, ones = a // 10 == b // 10, a % 10 == b % 10
    swapped = (a // 10 == b % 10) & (a % 10 == b // 10)
    return np.asarray(tens | ones | swapped)


def _dob(query: Query, people: I64, voters: NDArray[np.void]) -> I8:
    normal = query.normal
    year, month, day = (x[people].astype(np.int32) for x in (normal.year, normal.month, normal.day))
    year2, month2, day2 = (voters[x].astype(np.int32) for x in ("year", "month", "day"))
    whole = (month > 0) & (month2 > 0)
    same_year, same_month, same_day = year == year2, month == month2, day == day2
    apart = np.abs(year - year2)
    year_slip = ((year // 100 == year2 // 100) & _one_digit(year % 100, year2 % 100)) | (apart <= 2)
    level = np.where(whole, Dob.DIFFERS, Dob.YEAR_DIFFERS).astype(np.int8)
    level[apart <= 1] = np.where(whole, Dob.NEAR, Dob.YEAR_NEAR)[apart <= 1]
    level[~whole & same_year] = Dob.YEAR
    level[whole & same_year & (same_month | same_day)] = Dob.YEAR_AND_PART
    day_slip = same_year & same_month & _one_digit(day, day2)
    month_slip = same_year & same_day & _one_digit(month, month2)
    level[whole & (day_slip | month_slip | (same_month & same_day & year_slip))] = Dob.ONE_OFF
    level[whole & same_year & (month == day2) & (day == month2)] = Dob.SWAPPED
    level[whole & same_year & same_month & same_day] = Dob.SAME
    level[(year == 0) | (year2 == 0)] = MISSING
    return level


def _where(index: VoterIndex, query: Query, people: I64, voters: NDArray[np.void]) -> I8:
    normal = query.normal
    zip_, city = normal.zip[people], query.city.codes[people]
    near = _near(index, query, people, zip_, city, voters)
    level = (near + Where.PLACE_ZIP).astype(np.int8)
    by_zip, by_city = (zip_ > 0) & (voters["zip"] > 0), (city != 0) & (voters["city"] > 0)
    town = by_city & ~by_zip
    level[town] = np.where(near[town] == _SAME_CITY, Where.TOWN, Where.TOWN_DIFFERS)
    placed = by_zip | by_city
    level[~placed] = MISSING
    house = (normal.house[people] == voters["house"]) & (voters["house"] > 0)
    street = query.street.codes[people] == voters["street"]
    almost = np.flatnonzero(house & ~street)
    almost = almost[_one_is_rare(index, query.street.codes[people[almost]], voters["street"][almost])]
    street[almost] = (
        _by_pairs(query.street, people[almost], voters["street"][almost], index.streets, similarity.same_street, 1) == 1
    )
    both = (np.array([bool(t) for t in query.street.text])[query.street.number[people]]) & (voters["street"] > 0)
    here = (near <= 1) | ~placed
    level[both] = near[both] + Where.ZIP
    # Another direction, road or unit is another door, of which only the number is the same.
    door = house & street & ~_doors_differ(normal.door, people, voters)
    level[both & house & here] = Where.HOUSE
    level[both & street & ~house & here] = Where.STREET
    level[both & door] = Where.DOOR_OTHER_PLACE
    level[both & door & here] = Where.DOOR
    return level


def _doors_differ(door: Doors, people: I64, voters: NDArray[np.void]) -> Bools:
    typed = Doors(door.letter[people], door.unit[people], door.course[people], door.kind[people])
    filed = Doors(voters["letter"], voters["unit"], voters["course"], voters["kind"])
    return doors_differ(typed, filed, LETTER_UNITS)


def _one_is_rare(index: VoterIndex, typed: I64, filed: U32) -> Bools:
    """Whether one of two street names is so rare that it may be a slip of the other: two known streets are two."""
    if not len(typed):
        return np.zeros(0, bool)
    counts = index.street_counts
    one = np.where(typed < 0, 0, counts[np.maximum(typed, 0)]).astype(np.int64)
    two = counts[filed].astype(np.int64)
    rare, common = np.minimum(one, two), np.maximum(one, two)
    return np.asarray((rare <= SLIP_VOTERS) | (rare * SLIP_SHARE <= common))


SLIP_VOTERS, SLIP_SHARE = 2, 100  # a slip is found with no more voters than these, or with a hundredth of the others


_SAME_CITY = 1


def _near(index: VoterIndex, query: Query, people: I64, zip_: U32, city: I64, voters: NDArray[np.void]) -> I8:
    """0 same ZIP, 1 same city, 2 same first three digits of the ZIP, 3 none of these."""
    near = np.full(len(people), 3, np.int8)
    known = (zip_ > 0) & (zip_ < 100_000)
    near[known & (zip_ // 100 == voters["zip"] // 100)] = 2
    near[(city == voters["city"]) & (city > 0)] = _SAME_CITY
    near[(zip_ == voters["zip"]) & (zip_ > 0)] = 0
    return near


def _suffix(typed: NDArray[np.uint8], filed: NDArray[np.uint8]) -> I8:
    """JR and II may be the same man; other marks that differ are other men."""
    second = SUFFIX_CODES["II"]
    as_junior = [np.where(x == second, SUFFIX_CODES["JR"], x) for x in (typed, filed)]
    return _equal(*as_junior)
