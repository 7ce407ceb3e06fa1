"""The compared fields and their levels, in the order of the columns of every matrix of levels and weights.

The names are stable keys: models, stored explanations and templates of words use them in lower case.
"""

from enum import IntEnum

MISSING = -1  # a field that is not given on one side: no evidence, never a disagreement


class First(IntEnum):
    """First names."""

    SAME, NICKNAME, CLOSE, INITIAL, SIMILAR, MIDDLE_NAME, DIFFERS = range(7)


class Last(IntEnum):
    """Surnames; MIDDLE_NAME is a former surname kept as middle name."""

    SAME, PART, CLOSE, SOUNDS, SIMILAR, SWAPPED, MIDDLE_NAME, DIFFERS = range(8)


class Middle(IntEnum):
    """Middle names."""

    SAME, INITIAL, CLOSE, DIFFERS = range(4)


class Dob(IntEnum):
    """Birth dates; ONE_OFF is one digit, or two years; NEAR is within a year.

    SAME to DIFFERS where both dates are whole, YEAR to YEAR_DIFFERS where only years can be compared.
    """

    SAME, SWAPPED, ONE_OFF, YEAR_AND_PART, NEAR, DIFFERS = range(6)
    YEAR, YEAR_NEAR, YEAR_DIFFERS = range(6, 9)


class Sex(IntEnum):
    """Sex as the roll has it."""

    SAME, DIFFERS = range(2)


class Where(IntEnum):
    """Address and place as one field, for they are not independent.

    DOOR to ELSEWHERE where both sides have an address, PLACE_ZIP to PLACE_DIFFERS where only places can be
    compared, TOWN and TOWN_DIFFERS where only cities can: a city alone says less when it agrees beside another ZIP.
    """

    DOOR, DOOR_OTHER_PLACE, STREET, HOUSE, ZIP, CITY, ZIP3, ELSEWHERE = range(8)
    PLACE_ZIP, PLACE_CITY, PLACE_ZIP3, PLACE_DIFFERS = range(8, 12)
    TOWN, TOWN_DIFFERS = range(12, 14)


class Phone(IntEnum):
    """Phone numbers."""

    SAME, DIFFERS = range(2)


class Email(IntEnum):
    """Email addresses."""

    SAME, DIFFERS = range(2)


class Suffix(IntEnum):
    """JR, SR and numbers."""

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
# Levels of one field that are alternatives to each other; a field without an entry is one such group.
GROUPS: dict[str, tuple[tuple[IntEnum, ...], ...]] = {
    "dob": (tuple(Dob)[: Dob.YEAR], tuple(Dob)[Dob.YEAR :]),
    "where": (
        tuple(Where)[: Where.PLACE_ZIP],
        tuple(Where)[Where.PLACE_ZIP : Where.TOWN],
        tuple(Where)[Where.TOWN :],
    ),
}
COLUMN = {name: at for at, name in enumerate(FIELDS)}


def level_name(field: str, code: int) -> str:
    """The stable key of a level: `door`, `nickname`; `missing` where the field could not be compared."""
    return "missing" if code == MISSING else FIELDS[field](code).name.lower()
