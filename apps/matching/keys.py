"""Blocking keys, twelve, and sixteen for small rolls: 64-bit hashes that voters and queries share.

A key is a hash of the state, the rule's number and one to three parts of the normal form. Its lowest four bits are
the number, so that the key alone tells the cap of its block. Keys are the same on every machine. Change
BLOCKING_RULES or CAPS only together with FORMAT of the index.
"""

from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.matching.normalize.text import hash64
from apps.matching.person import U32, U64


class BlockingRule(NamedTuple):
    """One blocking rule: the parts that must agree, and the largest block that is worth reading."""

    parts: tuple[str, ...]
    cap: int


# Measured at 10 million voters (matching notes): with these twelve the true voter is among 20 candidates in 99.6 % of
# cases.
BLOCKING_RULES = (
    BlockingRule(("dob", "sound"), 120),
    BlockingRule(("dob", "first"), 150),
    BlockingRule(("sound", "first", "year"), 250),
    BlockingRule(("last", "initial", "zip"), 60),
    BlockingRule(("last", "first", "city"), 250),
    BlockingRule(("sound", "first", "zip3"), 150),
    BlockingRule(("sound", "first", "city"), 120),
    BlockingRule(("last", "initial", "city"), 60),
    BlockingRule(("last", "first"), 60),
    BlockingRule(("house", "street"), 30),
    BlockingRule(("phone",), 20),
    BlockingRule(("email",), 20),
    BlockingRule(("dob",), 30),
    BlockingRule(("first", "street"), 30),
    BlockingRule(("first", "house"), 30),
    BlockingRule(("sound", "house"), 30),
)
# The last four are for small rolls: at a million voters they add a quarter more candidates and one true match in
# 6,000; in a list of 5,000 with heavy errors (FEBRL4) they add 3 true matches in 100.
WIDE_UP_TO = 100_000
DOB_SOUND, DOB_FIRST, SOUND_FIRST_YEAR, LAST_INITIAL_ZIP, LAST_FIRST_CITY = range(5)
FIRST_STREET = 13
SOUND_FIRST_ZIP3, SOUND_FIRST_CITY, LAST_INITIAL_CITY, LAST_FIRST, DOOR, PHONE, EMAIL = range(5, 12)
EVERY = tuple(range(len(BLOCKING_RULES)))
NARROW = EVERY[:12]
BY_SURNAME = tuple(n for n in EVERY if {"sound", "last"} & set(BLOCKING_RULES[n].parts))
BY_FIRST = tuple(n for n in EVERY if {"first", "initial"} & set(BLOCKING_RULES[n].parts))
NUMBER_BITS = np.uint64(15)
CAPS = np.array([rule.cap for rule in BLOCKING_RULES] + [0] * (16 - len(BLOCKING_RULES)), np.int64)

_GOLDEN, _SPREAD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93), np.uint64(32)


@dataclass(slots=True)
class Parts:
    """The parts of keys of many people, as numbers or hashes; 0 means missing, and gives no key."""

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

    def repeated(self, count: int) -> "Parts":
        """Return the same people `count` times, one repetition after the other."""
        return Parts(*(np.tile(getattr(self, part.name), count) for part in fields(self)))

    def replaced(self, **changed: U64) -> "Parts":
        """Return the same people with other parts."""
        return replace(self, **changed)


def dob_part(year: NDArray[np.uint16], month: NDArray[np.uint8], day: NDArray[np.uint8]) -> U64:
    """Return year with sorted month and day, so that swapped ones agree; 0 if the date is incomplete."""
    low, high = np.minimum(month, day).astype(np.uint64), np.maximum(month, day).astype(np.uint64)
    packed = (year.astype(np.uint64) << np.uint64(10)) | (low << np.uint64(5)) | high
    return np.where((year > 0) & (low > 0), packed, np.uint64(0))


def zip3_part(zips: U32) -> U64:
    """Return the first three digits of a ZIP plus one (000 is missing); 0 for postal codes with letters."""
    known = (zips > 0) & (zips < 100_000)
    return np.where(known, zips // 100 + 1, 0).astype(np.uint64)


def rules_for(voters: int) -> tuple[int, ...]:
    """Return the numbers of the blocking rules for a roll of that size."""
    return EVERY if voters <= WIDE_UP_TO else NARROW


def among(numbers: tuple[int, ...], rules: tuple[int, ...]) -> tuple[int, ...]:
    """Return those of `numbers` that the roll's rules include."""
    return tuple(n for n in numbers if n in rules)


def keys_of(parts: Parts, state: str, numbers: tuple[int, ...]) -> tuple[U32, U64]:
    """Return positions of people and their keys, for the rules whose parts are all present."""
    positions: list[U32] = []
    keys: list[U64] = []
    for number in numbers:
        columns = [getattr(parts, name) for name in BLOCKING_RULES[number].parts]
        given = np.flatnonzero(np.logical_and.reduce([c != 0 for c in columns])).astype(np.uint32)
        if len(given):
            positions.append(given)
            keys.append(_mixed(number, state, [c[given] for c in columns]))
    if not keys:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint64)
    return np.concatenate(positions), np.concatenate(keys)


def _mixed(number: int, state: str, columns: list[U64]) -> U64:
    """Multiply, xor and shift for each part in turn, so that every bit of every part reaches the upper bits."""
    start = hash64(f"{number}:{state}")
    mixed = np.full(len(columns[0]), start, np.uint64)
    for column in columns:
        mixed = (mixed ^ column) * _GOLDEN
        mixed ^= mixed >> _SHIFT
        mixed *= _SPREAD
        mixed ^= mixed >> _SHIFT
    return (mixed & ~NUMBER_BITS) | np.uint64(number)
