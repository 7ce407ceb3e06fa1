"""Compare addresses: another number, direction or road is never the same door."""

from enum import Enum
from typing import Final

from rapidfuzz.distance import OSA

from apps.matching.normalize.address.parse import Address
from apps.matching.normalize.address.roads import OF_HIGHWAYS, OF_ROADS
from apps.matching.normalize.address.streets import ROAD, Street


class Door(Enum):
    """SAME if all parts agree, OTHER if one conflicts, UNKNOWN if one side lacks a part or has a misspelling."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


SLIP_FROM: Final = 5  # letters: shorter names that are one letter apart are two streets (OAK, OAT)


def same_door(one: Address, two: Address) -> Door:
    """Compare two addresses by number, unit, road and direction; city, state and ZIP code are not compared."""
    if not (one.number and two.number and one.street.core and two.street.core):
        return Door.UNKNOWN
    a, b = one.street, two.street
    if _written_with_type(a, b):
        names = [Door.UNKNOWN]
    else:
        names = [compare_names(a.core, b.core), compare_kinds(a.kind, b.kind, numbered=is_numbered(a.core))]
    course = compare_directions((a.before, a.after), (b.before, b.after), grid=is_grid(a.core))
    return _worst([_numbers(one, two), *names, course, _units(one, two), _given(one.area, two.area)])


def agrees(one: Address, two: Address) -> bool:
    """Return whether number and road are the same and no part conflicts; a part may be missing."""
    same = (_digits(one.number), one.street.core) == (_digits(two.number), two.street.core)
    return bool(one.number) and same and same_door(one, two) is not Door.OTHER


def _worst(verdicts: list[Door]) -> Door:
    if Door.OTHER in verdicts:
        return Door.OTHER
    return Door.UNKNOWN if Door.UNKNOWN in verdicts else Door.SAME


def _given(one: str, two: str) -> Door:
    if one == two:
        return Door.SAME
    return Door.OTHER if one and two else Door.UNKNOWN


def _digits(number: str) -> str:
    """Return a number in the form compared: 34-56 and 3456 are the same number in Queens."""
    return number.replace("-", "")


def _numbers(one: Address, two: Address) -> Door:
    if _digits(one.number) == _digits(two.number):
        return Door.SAME
    # 12/14 is one building with two numbers.
    doubled = {*one.number.split("/")} & {*two.number.split("/")} if " " not in one.number + two.number else set()
    return Door.UNKNOWN if doubled else Door.OTHER


def _units(one: Address, two: Address) -> Door:
    """Compare letters and units: 121A and 121 Apt A are the same door, 121 may be either."""
    if one.letter and two.letter:
        return _worst([_given(one.letter, two.letter), _given(one.unit, two.unit)])
    if one.letter or two.letter:
        return _given(one.letter or one.unit, two.letter or two.unit)
    return _given(one.unit, two.unit)


def is_numbered(core: str) -> bool:
    """Return whether a core is a numbered or lettered road of a system."""
    return core[:1] == ROAD and len(core) > 1


def is_grid(core: str) -> bool:
    """Return whether a core is only a number, where each direction has its own meaning: S 200 W."""
    return core.isdigit()


def compare_directions(one: tuple[str, str], two: tuple[str, str], *, grid: bool) -> Door:
    """Compare directions before and after. One direction may change its side (W Main St, Main St W), but not two."""
    if one == two:
        return Door.SAME
    if all(one) and all(two):
        return Door.OTHER
    few, many = sorted((one, two), key=lambda course: sum(map(bool, course)))
    if not any(few):
        return Door.UNKNOWN
    if sum(map(bool, few)) == sum(map(bool, many)):
        return Door.SAME if "".join(few) == "".join(many) else Door.OTHER
    in_place = any(a and a == b for a, b in zip(few, many, strict=True))
    return Door.UNKNOWN if in_place or (not grid and "".join(few) in many) else Door.OTHER


def compare_kinds(one: str, two: str, *, numbered: bool) -> Door:
    """Compare types, or the systems of numbered roads: `Hwy 9` may be NC 9 and is never County Road 9."""
    if one == two:
        return Door.SAME
    if not numbered:
        return Door.OTHER if one and two else Door.UNKNOWN
    for systems, unsaid in ((OF_HIGHWAYS, ""), (OF_ROADS, "ROAD")):
        if unsaid in (one, two) and {one, two} <= systems:
            return Door.UNKNOWN
    return Door.OTHER


def compare_names(one: str, two: str) -> Door:
    """Compare cores; one edit in a name of five letters or more gives UNKNOWN, but never in a number."""
    if one == two:
        return Door.SAME
    return Door.UNKNOWN if is_slip(one, two) else Door.OTHER


def is_slip(one: str, two: str) -> bool:
    """Return whether two names without digits differ by one edit."""
    if min(len(one), len(two)) < SLIP_FROM or not one.isalpha() or not two.isalpha():
        return False
    return OSA.distance(one, two, score_cutoff=1) <= 1


def _written_with_type(a: Street, b: Street) -> bool:
    """Return whether OAK RIDGE and OAK RIDGE RD are compared: a type in one belongs to the name of the other."""
    return (a.core + a.kind == b.core and bool(a.kind)) or (b.core + b.kind == a.core and bool(b.kind))
