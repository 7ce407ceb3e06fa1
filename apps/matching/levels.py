"""Assign agreement levels to candidate pairs, field by field, for many pairs at once.

A single query is a batch of one, so that both give the same levels by construction.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from apps.matching import similarity
from apps.matching.fields import COLUMN, MISSING, Dob, First, Last, Where
from apps.matching.index import VoterIndex
from apps.matching.index.vocabulary import MappedVocabulary
from apps.matching.normalize.address.columns import Doors, doors_differ
from apps.matching.normalize.placeholders import PLACEHOLDERS
from apps.matching.person import LETTER_UNITS, SUFFIX_CODES, U32
from apps.matching.query import I64, Query, Texts

I8 = NDArray[np.int8]
Bools = NDArray[np.bool_]


def compare(index: VoterIndex, query: Query, people: I64, rows: U32) -> I8:
    """Return the comparison vectors as a matrix: one row per pair of query `people[i]` and the index's voter
    `rows[i]`.
    """
    voters = index.rows[rows]
    levels = np.full((len(people), len(COLUMN)), MISSING, np.int8)
    first, last = _names(index, query, people, voters)
    dob = _dob(query, people, voters)
    _correct_same_birth(index, query, people, voters, first, dob)
    levels[:, COLUMN["first"]], levels[:, COLUMN["last"]], levels[:, COLUMN["dob"]] = first, last, dob
    levels[:, COLUMN["middle"]] = _by_pairs(
        query.middle, people, voters["middle"], index.names, similarity.middle_level, same=-2
    )
    levels[:, COLUMN["sex"]] = _equal(query.normal.sex[people], voters["sex"])
    levels[:, COLUMN["where"]] = _where(index, query, people, voters)
    levels[:, COLUMN["phone"]] = _equal(query.normal.phone[people], voters["phone"])
    levels[:, COLUMN["email"]] = _equal(query.normal.email[people], voters["email"])
    levels[:, COLUMN["suffix"]] = _suffix(query.normal.suffix[people], voters["suffix"])
    return levels


def _equal(query: NDArray[np.unsignedinteger], voter: NDArray[np.unsignedinteger]) -> I8:
    """Return 0 for equal, 1 for different, MISSING where either value is 0."""
    level: I8 = (query != voter).astype(np.int8)
    level[(query == 0) | (voter == 0)] = MISSING
    return level


def _by_pairs(
    texts: Texts,
    people: I64,
    voter_codes: U32,
    vocabulary: MappedVocabulary,
    level_of: Callable[[str, str], int],
    same: int = 0,
) -> I8:
    """Return levels of two columns of texts; equal codes get level `same`, other distinct pairs are compared once.

    A negative `same` also compares equal texts (two equal initials are not two equal names).
    """
    number = texts.number[people]
    codes = texts.code[number]
    missing = (np.array([not t for t in texts.text])[number]) | (voter_codes == 0)
    level = np.full(len(people), max(same, 0), np.int8)
    level[missing] = MISSING
    unequal = np.flatnonzero(~missing & ((codes != voter_codes) | (same < 0)))
    pairs, back = np.unique((number[unequal] << 32) | voter_codes[unequal], return_inverse=True)
    text, text_of = texts.text, vocabulary.text_of
    compared = [level_of(text[p >> 32], text_of(p & 0xFFFFFFFF)) for p in pairs.tolist()]
    level[unequal] = np.array(compared, np.int8)[back]
    return level


def _names(index: VoterIndex, query: Query, people: I64, voters: NDArray[np.void]) -> tuple[I8, I8]:
    """Return levels of first and last names, including names in each other's place."""
    first = _by_pairs(query.first, people, voters["first"], index.names, similarity.first_level)
    last = _by_pairs(query.compared_last, people, voters["last"], index.names, similarity.last_level)
    first_code, middle_code, last_code = (t.codes[people] for t in (query.first, query.middle, query.last))
    by_middle = ((first_code == voters["middle"]) & (first_code > 0)) | (
        (middle_code == voters["first"]) & (middle_code > 0)
    )
    first[by_middle & (first == First.DIFFERS)] = First.MIDDLE_NAME
    former = ((last_code == voters["middle"]) & (last_code > 0)) | ((middle_code == voters["last"]) & (middle_code > 0))
    last[former & (last == Last.DIFFERS)] = Last.MIDDLE_NAME
    swapped = (first_code == voters["last"]) & (last_code == voters["first"]) & (first_code != last_code)
    swapped &= (first_code > 0) & (last_code > 0)
    first[swapped], last[swapped] = First.SAME, Last.SWAPPED
    return first, last


def _correct_same_birth(
    index: VoterIndex, query: Query, people: I64, voters: NDArray[np.void], first: I8, dob: I8
) -> None:
    """Reconsider first names that differ beside one birth date: placeholders are missing, misspellings similar.

    Without the birth date, both stay names that differ: a surname alone must not find a voter.
    """
    differ = np.flatnonzero((first == First.DIFFERS) & (dob == Dob.SAME))
    if not len(differ):
        return
    texts = query.first
    number, codes = texts.number[people[differ]], voters["first"][differ]
    placeholder = np.array([texts.text[n] in PLACEHOLDERS for n in number.tolist()], bool)
    placeholder |= np.isin(codes, index.placeholders)
    first[differ[placeholder]] = MISSING
    counts = index.name_counts["first"]
    for at, n, code in zip(differ.tolist(), number.tolist(), codes.tolist(), strict=True):
        # A name that nobody else has is a misspelling of a similar name, more often than a twin's name.
        if first[at] == First.DIFFERS and (texts.code[n] < 0 or counts[code] <= 1):
            first[at] = similarity.misspelled_level(texts.text[n], index.names.text_of(code))


def _one_digit(a: NDArray[np.int32], b: NDArray[np.int32]) -> Bools:
    """Return whether two numbers below 100 differ by one digit or by the order of their digits."""
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
    unequal = np.flatnonzero(house & ~street)
    unequal = unequal[_one_is_rare(index, query.street.codes[people[unequal]], voters["street"][unequal])]
    street[unequal] = (
        _by_pairs(query.street, people[unequal], voters["street"][unequal], index.streets, similarity.same_street, 1)
        == 1
    )
    both = (np.array([bool(t) for t in query.street.text])[query.street.number[people]]) & (voters["street"] > 0)
    here = (near <= 1) | ~placed
    level[both] = near[both] + Where.ZIP
    # With another direction, street type or unit, only the house number agrees.
    door = house & street & ~_doors_differ(normal.door, people, voters)
    level[both & house & here] = Where.HOUSE
    level[both & street & ~house & here] = Where.STREET
    level[both & door] = Where.DOOR_OTHER_PLACE
    level[both & door & here] = Where.DOOR
    return level


def _doors_differ(door: Doors, people: I64, voters: NDArray[np.void]) -> Bools:
    query_doors = Doors(door.letter[people], door.unit[people], door.course[people], door.kind[people])
    voter_doors = Doors(voters["letter"], voters["unit"], voters["course"], voters["kind"])
    return doors_differ(query_doors, voter_doors, LETTER_UNITS)


def _one_is_rare(index: VoterIndex, query_codes: I64, voter_codes: U32) -> Bools:
    """Return whether one of two street names is rare enough to be a misspelling of the other, not another street."""
    if not len(query_codes):
        return np.zeros(0, bool)
    counts = index.street_counts
    one = np.where(query_codes < 0, 0, counts[np.maximum(query_codes, 0)]).astype(np.int64)
    two = counts[voter_codes].astype(np.int64)
    rare, common = np.minimum(one, two), np.maximum(one, two)
    return np.asarray((rare <= SLIP_VOTERS) | (rare * SLIP_SHARE <= common))


SLIP_VOTERS, SLIP_SHARE = 2, 100  # a misspelling has at most this many voters, or one hundredth of the other's


_SAME_CITY = 1


def _near(index: VoterIndex, query: Query, people: I64, zip_: U32, city: I64, voters: NDArray[np.void]) -> I8:
    """Return 0 for the same ZIP, 1 for the same city, 2 for the same first three digits of the ZIP, else 3."""
    near = np.full(len(people), 3, np.int8)
    known = (zip_ > 0) & (zip_ < 100_000)
    near[known & (zip_ // 100 == voters["zip"] // 100)] = 2
    near[(city == voters["city"]) & (city > 0)] = _SAME_CITY
    near[(zip_ == voters["zip"]) & (zip_ > 0)] = 0
    return near


def _suffix(query: NDArray[np.uint8], voter: NDArray[np.uint8]) -> I8:
    """Return levels of suffixes. JR and II may denote the same person; other suffixes that differ do not."""
    second = SUFFIX_CODES["II"]
    as_junior = [np.where(x == second, SUFFIX_CODES["JR"], x) for x in (query, voter)]
    return _equal(*as_junior)
