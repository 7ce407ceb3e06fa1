"""Compare many addresses at once, as columns of small numbers, by the rules of `door.same_door`.

The codes are stored in voter indexes: change them only together with the index's FORMAT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from apps.matching.normalize.address.door import Door, compare_directions, compare_kinds, is_grid, is_numbered
from apps.matching.normalize.address.parse import Address
from apps.matching.normalize.address.roads import SYSTEMS
from apps.matching.normalize.address.streets import Street
from apps.matching.normalize.address.vocabulary import TYPES

U8 = NDArray[np.uint8]
_DIRECTIONS: Final = ("", "N", "S", "E", "W", "NE", "NW", "SE", "SW")
_COURSES: Final = tuple((before, after) for before in _DIRECTIONS for after in _DIRECTIONS)
_COURSE: Final = {course: number for number, course in enumerate(_COURSES)}
_GRID: Final = len(_COURSES)  # added to the code of a course on a street whose name is a number
_TYPES: Final = ("", *sorted(set(TYPES.values())))
_KIND: Final = {kind: number for number, kind in enumerate(_TYPES)}
_FIRST_SYSTEM: Final = 128  # codes from here on are systems of numbered roads, the first of them any highway
_SYSTEM: Final = {system: number for number, system in enumerate(("", *SYSTEMS), _FIRST_SYSTEM)}


def _matrix(size: int, other: Any) -> NDArray[np.bool_]:
    return np.array([[other(a, b) for b in range(size)] for a in range(size)])


def _courses_differ(one: int, two: int) -> bool:
    if one // _GRID != two // _GRID:
        return False
    return compare_directions(_COURSES[one % _GRID], _COURSES[two % _GRID], grid=one >= _GRID) is Door.OTHER


def _kinds_differ(one: int, two: int) -> bool:
    systems = ("", *SYSTEMS)
    if (one < _FIRST_SYSTEM) != (two < _FIRST_SYSTEM):
        return False
    if one < _FIRST_SYSTEM:
        return bool(one and two and one != two)
    names = [systems[min(code - _FIRST_SYSTEM, len(systems) - 1)] for code in (one, two)]
    return compare_kinds(*names, numbered=True) is Door.OTHER


COURSES_DIFFER: Final = _matrix(2 * _GRID, _courses_differ)
KINDS_DIFFER: Final = _matrix(_FIRST_SYSTEM + len(_SYSTEM), _kinds_differ)


@lru_cache(300_000)
def street_codes(street: Street) -> tuple[int, int]:
    """Return the codes of a street's directions and of its kind."""
    course = _COURSE[street.before, street.after] + (_GRID if is_grid(street.core) else 0)
    return course, (_SYSTEM if is_numbered(street.core) else _KIND)[street.kind]


def street_text(address: Address) -> str:
    """Return a street's core, with the urbanization that distinguishes one Calle A from another."""
    return f"{address[2][1]}@{address.area}" if address[4] else address[2][1]


@dataclass(slots=True)
class Doors:
    """Parts of many addresses that distinguish doors with the same number and street; 0 means missing.

    `unit` is a number, or a hash with its highest bit set if it contains letters.
    """

    letter: U8
    unit: NDArray[np.uint32]
    course: U8
    kind: U8


def letters(addresses: Sequence[Address]) -> U8:
    """Return the letters of house numbers as their ASCII codes."""
    return np.array([ord(a[1]) if a[1] else 0 for a in addresses], np.uint8)


def doors_differ(typed: Doors, filed: Doors, letter_units: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return, pair by pair, whether unit, letter, direction or road conflict although number and core agree.

    `letter_units` are the units' codes of the letters A to Z, by ASCII code: 121A and 121 Apt A are the same door.
    """
    differs = COURSES_DIFFER[typed.course, filed.course] | KINDS_DIFFER[typed.kind, filed.kind]
    one = np.where(typed.letter > 0, letter_units[typed.letter], typed.unit)
    two = np.where(filed.letter > 0, letter_units[filed.letter], filed.unit)
    differs |= (one != two) & (one > 0) & (two > 0)
    # 121 is not 121A: the letter is the number's.
    return np.asarray(differs | ((typed.letter > 0) & (two == 0)) | ((filed.letter > 0) & (one == 0)))
