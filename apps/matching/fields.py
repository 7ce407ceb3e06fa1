"""Define the compared fields and their agreement levels, in the column order of every matrix of levels and weights.

The lower-case names are stable keys: models, stored explanations and message templates use them.
"""

from collections.abc import Iterable
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

MISSING = -1  # a field missing on either side: no evidence, never a disagreement


class First(IntEnum):
    """Agreement levels of first names."""

    SAME, NICKNAME, CLOSE, INITIAL, SIMILAR, MIDDLE_NAME, DIFFERS = range(7)


class Last(IntEnum):
    """Agreement levels of surnames; MIDDLE_NAME is a former surname used as a middle name."""

    SAME, PART, CLOSE, SOUNDS, SIMILAR, SWAPPED, MIDDLE_NAME, DIFFERS = range(8)


class Middle(IntEnum):
    """Agreement levels of middle names."""

    SAME, INITIAL, CLOSE, DIFFERS = range(4)


class Dob(IntEnum):
    """Agreement levels of birth dates; ONE_OFF is one digit, or two years; NEAR is within a year.

    SAME to DIFFERS apply to two full dates, YEAR to YEAR_DIFFERS if only the years can be compared.
    """

    SAME, SWAPPED, ONE_OFF, YEAR_AND_PART, NEAR, DIFFERS = range(6)
    YEAR, YEAR_NEAR, YEAR_DIFFERS = range(6, 9)


class Sex(IntEnum):
    """Agreement levels of the sex on the roll."""

    SAME, DIFFERS = range(2)


class Where(IntEnum):
    """Agreement levels of address and place, one field because the two are not independent.

    DOOR to ELSEWHERE apply if both sides have an address, PLACE_ZIP to PLACE_DIFFERS if only places can be compared,
    TOWN and TOWN_DIFFERS if only cities can: agreement on a city alone is weaker evidence than beside a differing
    ZIP.
    """

    DOOR, DOOR_OTHER_PLACE, STREET, HOUSE, ZIP, CITY, ZIP3, ELSEWHERE = range(8)
    PLACE_ZIP, PLACE_CITY, PLACE_ZIP3, PLACE_DIFFERS = range(8, 12)
    TOWN, TOWN_DIFFERS = range(12, 14)


class Phone(IntEnum):
    """Agreement levels of phone numbers."""

    SAME, DIFFERS = range(2)


class Email(IntEnum):
    """Agreement levels of email addresses."""

    SAME, DIFFERS = range(2)


class Suffix(IntEnum):
    """Agreement levels of generational suffixes: JR, SR and numerals."""

    SAME, DIFFERS = range(2)


FIELDS: dict[str, type[IntEnum]] = {
    "first": First,
    "last": Last,
    "middle": Middle,
    "dob": Dob,
    "sex": Sex,
    "where": Where,
    "phone": Phone,
    "email": Email,
    "suffix": Suffix,
}
# Groups of mutually exclusive levels within a field; a field without an entry is a single group.
GROUPS: dict[str, tuple[tuple[IntEnum, ...], ...]] = {
    "dob": (tuple(Dob)[: Dob.YEAR], tuple(Dob)[Dob.YEAR :]),
    "where": (
        tuple(Where)[: Where.PLACE_ZIP],
        tuple(Where)[Where.PLACE_ZIP : Where.TOWN],
        tuple(Where)[Where.TOWN :],
    ),
}


def members(levels: type[IntEnum], chosen: Iterable[IntEnum]) -> NDArray[np.bool_]:
    """Return a table by level of whether it is chosen; MISSING is -1 and indexes the last entry, False.

    A lookup in it takes a fifth of the time of `np.isin` for the few pairs of a single query.
    """
    table = np.zeros(len(levels) + 1, bool)
    table[[int(level) for level in chosen]] = True
    return table


COLUMN = {name: at for at, name in enumerate(FIELDS)}


def level_name(field: str, code: int) -> str:
    """Return the stable key of a level: `door`, `nickname`; `missing` if the field could not be compared."""
    return "missing" if code == MISSING else FIELDS[field](code).name.lower()
