"""The contract of every store of id sets; it runs on each backend."""

import pytest

from apps.core.idsets.base import IdSets
from apps.core.idsets.sql import SqlIdSets

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["sql"])
def sets(request: pytest.FixtureRequest) -> IdSets:
    stores = {"sql": lambda: SqlIdSets("sql:")}
    return stores[request.param]()


def test_a_set_that_was_never_stored_is_not_an_empty_one(sets: IdSets) -> None:
    sets.put("empty", [])
    assert sets.get("empty") == set()
    assert sets.get("missing") is None


def test_a_set_is_replaced_as_a_whole(sets: IdSets) -> None:
    sets.put("a", [1, 2, 3])
    sets.put("a", [3, 4, 4])
    assert sets.get("a") == {3, 4}


def test_members_of_all_and_in_none(sets: IdSets) -> None:
    sets.put("district", range(10))
    sets.put("registered", range(5, 20))
    sets.put("pledged", [6, 7])
    assert sets.combine(["district", "registered"], without=["pledged"]) == {5, 8, 9}


def test_one_missing_set_makes_the_answer_unknown(sets: IdSets) -> None:
    sets.put("a", [1])
    assert sets.combine(["a", "b"]) is None
    assert sets.combine(["a"], without=["b"]) is None


def test_sets_of_a_prefix_are_forgotten_together(sets: IdSets) -> None:
    sets.put("contacts:7:1", [1])
    sets.put("contacts:70:1", [1])
    sets.drop("contacts:7:")
    assert sets.get("contacts:7:1") is None
    assert sets.get("contacts:70:1") == {1}


def test_several_sets_are_stored_in_one_go(sets: IdSets) -> None:
    sets.put("a", [9])
    sets.put_many({"a": {1, 2}, "b": (number for number in (2, 3)), "c": []})
    assert (sets.get("a"), sets.combine(["a", "b"]), sets.get("c")) == ({1, 2}, {2}, set())


def test_large_ids_and_many_of_them(sets: IdSets) -> None:
    sets.put_many({"even": range(0, 60_000, 2), "third": range(0, 60_000, 3), "far": [2**40, 7]})
    assert sets.combine(["even", "third"], without=["far"]) == set(range(0, 60_000, 6))
    assert sets.combine(["far"]) == {2**40, 7}


def test_a_prefix_is_taken_literally(sets: IdSets) -> None:
    sets.put_many({"a_1:x": [1], "ab1:x": [2], "a%1:x": [3], "A_1:x": [4]})
    sets.drop("a_1:")
    assert [sets.get(key) for key in ("a_1:x", "ab1:x", "a%1:x", "A_1:x")] == [None, {2}, {3}, {4}]
