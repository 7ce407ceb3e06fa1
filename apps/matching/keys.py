"""The block keys, twelve and for small rolls sixteen: 64-bit hashes under which a voter is filed and a typed
person is looked up.

A key is a hash of the state, the key's number and two or three parts of the normal form. Its lowest four
bits are the number, so that whoever holds a key knows its cap. The same on every machine; ROADS or CAPS
change only together with FORMAT of the index.
"""

from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.matching.normalize.text import hash64
from apps.matching.person import U32, U64


class Road(NamedTuple):
    """One way to reach a voter: the parts that must agree, and the largest block that is worth reading."""

    parts: tuple[str, ...]
    cap: int


# Measured at 10 million voters (matching notes): these twelve bring the voter among 20 candidates in 99.6 %
# of cases.
ROADS = (
    Road(("dob", "sound"), 120),
    Road(("dob", "first"), 150),
    Road(("sound", "first", "year"), 250),
    Road(("last", "initial", "zip"), 60),
    Road(("last", "first", "city"), 250),
    Road(("sound", "first", "zip3"), 150),
    Road(("sound", "first", "city"), 120),
    Road(("last", "initial", "city"), 60),
    Road(("last", "first"), 60),
    Road(("house", "street"), 30),
    Road(("phone",), 20),
    Road(("email",), 20),
    Road(("dob",), 30),
    Road(("first", "street"), 30),
    Road(("first", "house"), 30),
    Road(("sound", "house"), 30),
)
# The last four are for small rolls: at a million voters they bring a quarter more candidates and one voter in
# 6,000; in a list of 5,000 with heavy errors (FEBRL4) they reach 3 voters in 100 more.
WIDE_UP_TO = 100_000
DOB_SOUND, DOB_FIRST, SOUND_FIRST_YEAR, LAST_INITIAL_ZIP, LAST_FIRST_CITY = range(5)
FIRST_STREET = 13
SOUND_FIRST_ZIP3, SOUND_FIRST_CITY, LAST_INITIAL_CITY, LAST_FIRST, DOOR, PHONE, EMAIL = range(5, 12)
EVERY = tuple(range(len(ROADS)))
NARROW = EVERY[:12]
BY_SURNAME = tuple(n for n in EVERY if {"sound", "last"} & set(ROADS[n].parts))
BY_FIRST = tuple(n for n in EVERY if {"first", "initial"} & set(ROADS[n].parts))
NUMBER_BITS = np.uint64(15)
CAPS = np.array([road.cap for road in ROADS] + [0] * (16 - len(ROADS)), np.int64)

_GOLDEN, _SPREAD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93), np.uint64(32)


@dataclass(slots=True)
class Parts:
    """The parts of keys for many people, as numbers or hashes; 0 means not given, and makes no key."""

    dob: U64
    year: U64
    first: U64
    initial: U64
    last: U64
    sound: U64
    zip: U64
    zip3: U64
    city: U64
    house: U64
    street: U64
    phone: U64
    email: U64

    def times(self, count: int) -> "Parts":
        """The same people so many times, one round after the other."""
        return Parts(*(np.tile(getattr(self, part.name), count) for part in fields(self)))

    def but(self, **changed: U64) -> "Parts":
        """The same people with other parts."""
        return replace(self, **changed)


def dob_part(year: NDArray[np.uint16], month: NDArray[np.uint8], day: NDArray[np.uint8]) -> U64:
    """Year with sorted month and day, so that swapped ones meet; 0 where the date is not whole."""
    low, high = np.minimum(month, day).astype(np.uint64), np.maximum(month, day).astype(np.uint64)
    packed = (year.astype(np.uint64) << np.uint64(10)) | (low << np.uint64(5)) | high
    return np.where((year > 0) & (low > 0), packed, np.uint64(0))


def zip3_part(zips: U32) -> U64:
    """The first three digits of a ZIP plus one (000 is none); postal codes with letters have none."""
    known = (zips > 0) & (zips < 100_000)
    return np.where(known, zips // 100 + 1, 0).astype(np.uint64)


def roads_of(voters: int) -> tuple[int, ...]:
    """The numbers of the keys under which a roll of that size is filed."""
    return EVERY if voters <= WIDE_UP_TO else NARROW


def among(numbers: tuple[int, ...], roads: tuple[int, ...]) -> tuple[int, ...]:
    """Those of `numbers` that a roll has."""
    return tuple(n for n in numbers if n in roads)


def keys_of(parts: Parts, state: str, numbers: tuple[int, ...]) -> tuple[U32, U64]:
    """The people (by position) and keys of those keys whose parts are all given."""
    positions: list[U32] = []
    keys: list[U64] = []
    for number in numbers:
        columns = [getattr(parts, name) for name in ROADS[number].parts]
        given = np.flatnonzero(np.logical_and.reduce([c != 0 for c in columns])).astype(np.uint32)
        if len(given):
            positions.append(given)
            keys.append(_mixed(number, state, [c[given] for c in columns]))
    if not keys:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint64)
    return np.concatenate(positions), np.concatenate(keys)


def _mixed(number: int, state: str, columns: list[U64]) -> U64:
    """Multiply, xor and shift for each part in turn: every bit of every part reaches the upper bits."""
    start = hash64(f"{number}:{state}")
    mixed = np.full(len(columns[0]), start, np.uint64)
    for column in columns:
        mixed = (mixed ^ column) * _GOLDEN
        mixed ^= mixed >> _SHIFT
        mixed *= _SPREAD
        mixed ^= mixed >> _SHIFT
    return (mixed & ~NUMBER_BITS) | np.uint64(number)
