"""A table of pairs of addresses: one door in two spellings, or two similar doors."""

from pathlib import Path

import numpy as np
import pytest

from apps.matching import TypedPerson
from apps.matching.normalize.address import Door, agrees, parse_address, same_door
from apps.matching.normalize.address.columns import Doors, doors_differ
from apps.matching.person import LETTER_UNITS, Normal, normalize


def _pairs() -> list[tuple[str, str, str]]:
    lines = (Path(__file__).parent / "same_door.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return [(verdict, one, two) for verdict, one, two in rows]


PAIRS = _pairs()


def test_the_table_is_long_enough() -> None:
    assert len(PAIRS) >= 250
    assert {verdict for verdict, _, _ in PAIRS} == {each.value for each in Door}


@pytest.mark.parametrize(("verdict", "one", "two"), PAIRS)
def test_a_pair(verdict: str, one: str, two: str) -> None:
    a, b = parse_address(one), parse_address(two)
    assert same_door(a, b).value == verdict, (a, b)
    assert same_door(b, a).value == verdict, (b, a)
    assert same_door(a, a) is not Door.OTHER
    if verdict == "other":
        assert not agrees(a, b)


def _one(doors: Doors, at: int) -> Doors:
    return Doors(doors.letter[[at]], doors.unit[[at]], doors.course[[at]], doors.kind[[at]])


def _same_by_columns(normal: Normal) -> bool:
    """Return the matcher's verdict on two addresses, by its columns instead of the parts."""
    same = normal.house[0] == normal.house[1] and normal.street[0] == normal.street[1]
    return bool(same and not doors_differ(_one(normal.door, 0), _one(normal.door, 1), LETTER_UNITS)[0])


@pytest.mark.parametrize(("verdict", "one", "two"), PAIRS)
def test_the_matcher_sees_the_same(verdict: str, one: str, two: str) -> None:
    same = _same_by_columns(normalize([TypedPerson(address=one), TypedPerson(address=two)]))
    if verdict != "unknown":
        assert same == (verdict == "same")


def test_a_matrix_agrees_with_itself_both_ways() -> None:
    normal = normalize([TypedPerson(address=a) for _, one, two in PAIRS for a in (one, two)])
    count = len(normal)
    left, right = np.repeat(np.arange(count), count), np.tile(np.arange(count), count)
    doors = normal.door
    a, b = (Doors(doors.letter[i], doors.unit[i], doors.course[i], doors.kind[i]) for i in (left, right))
    assert (doors_differ(a, b, LETTER_UNITS) == doors_differ(b, a, LETTER_UNITS)).all()
