"""The contract of every id set store, run on each backend."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.core.errors import BackendMisconfigured, BackendUnavailable
from apps.core.id_sets.base import IdSets
from apps.core.id_sets.sql import SqlIdSets
from tests.contracts.conftest import real_url

pytestmark = pytest.mark.django_db


def redis_sets(url: str) -> Any:
    from apps.core.id_sets.redis import RedisIdSets

    return RedisIdSets(url)


@pytest.fixture(params=["sql", pytest.param("redis", marks=pytest.mark.services)])
def sets(request: pytest.FixtureRequest) -> Iterator[IdSets]:
    store = SqlIdSets("sql:") if request.param == "sql" else redis_sets(real_url("ID_SETS_URL"))
    store.drop("test:")
    yield store
    store.drop("test:")


def never() -> list[int]:
    raise AssertionError("a stored set was made again")


def test_a_set_that_was_never_stored_is_not_an_empty_one(sets: IdSets) -> None:
    sets.put("test:empty", [])
    assert sets.get("test:empty") == set()
    assert sets.get("test:missing") is None


def test_a_set_is_replaced_as_a_whole(sets: IdSets) -> None:
    sets.put("test:a", [1, 2, 3])
    sets.put("test:a", [3, 4, 4])
    assert sets.get("test:a") == {3, 4}


def test_a_set_longer_than_one_command_is_stored_whole(sets: IdSets) -> None:
    sets.put("test:long", range(25_001))
    assert sets.get("test:long") == set(range(25_001))


def test_members_of_all_and_in_none(sets: IdSets) -> None:
    sets.put("test:district", range(10))
    sets.put("test:registered", range(5, 20))
    sets.put("test:pledged", [6, 7])
    assert sets.combine(["test:district", "test:registered"], without=["test:pledged"]) == {5, 8, 9}
    assert sets.combine(["test:district"], without=["test:district"]) == set()


def test_one_missing_set_makes_the_answer_unknown(sets: IdSets) -> None:
    sets.put("test:a", [1])
    assert sets.combine(["test:a", "test:b"]) is None
    assert sets.combine(["test:a"], without=["test:b"]) is None


@pytest.mark.parametrize("sign", ["*", "?", "[a]", "%", "_"])
def test_sets_of_a_prefix_are_forgotten_together_and_no_others(sets: IdSets, sign: str) -> None:
    sets.put("test:contacts:7:1", [1])
    sets.put("test:contacts:70:1", [1])
    sets.drop("test:contacts:7:")
    assert sets.get("test:contacts:7:1") is None
    assert sets.get("test:contacts:70:1") == {1}
    sets.put(f"test:x{sign}:1", [1])
    sets.put("test:xa:1", [2])
    sets.drop(f"test:x{sign}:")
    assert sets.get(f"test:x{sign}:1") is None
    assert sets.get("test:xa:1") == {2}


def test_a_missing_set_is_computed_and_stored(sets: IdSets) -> None:
    wanted: dict[str, Callable[[], list[int]]] = {"test:a": lambda: [1, 2, 3], "test:b": lambda: [2, 3]}
    assert sets.members(wanted, {"test:c": lambda: [3]}) == {2}
    assert sets.members({"test:a": never, "test:b": never}, {"test:c": never}) == {2}


def test_several_sets_are_stored_in_one_go(sets: IdSets) -> None:
    sets.put("test:a", [9])
    sets.put_many({"test:a": {1, 2}, "test:b": (number for number in (2, 3)), "test:c": []})
    assert (sets.get("test:a"), sets.combine(["test:a", "test:b"]), sets.get("test:c")) == ({1, 2}, {2}, set())


def test_large_ids_and_many_of_them(sets: IdSets) -> None:
    sets.put_many({"test:even": range(0, 60_000, 2), "test:third": range(0, 60_000, 3), "test:far": [2**40, 6]})
    assert sets.combine(["test:even", "test:third"], without=["test:far"]) == set(range(0, 60_000, 6)) - {6}
    assert sets.get("test:far") == {2**40, 6}


@pytest.mark.services
def test_the_answer_is_the_same_while_redis_is_emptied_all_the_time() -> None:
    store = redis_sets(real_url("ID_SETS_URL"))
    for _ in range(50):
        assert store.members({"test:a": lambda: range(100), "test:b": lambda: range(50, 200)}) == set(range(50, 100))
        store.drop("test:a")
    store.drop("test:")


def test_an_unreachable_server_falls_back_to_the_database_and_is_not_waited_for_twice() -> None:
    store = redis_sets("redis://127.0.0.1:1/0")
    with pytest.raises(BackendUnavailable):
        store.get("test:a")
    assert store.members({"test:a": lambda: [1, 2]}) == {1, 2}
    with pytest.raises(BackendUnavailable, match="next attempt"):
        store.get("test:a")


@pytest.mark.services
def test_a_wrong_password_is_distinguished_from_an_absent_server() -> None:
    right = real_url("ID_SETS_URL")
    redis_sets(right).probe()
    wrong = right.replace(right.partition("votekin:")[2].partition("@")[0], "wrong")
    with pytest.raises(BackendMisconfigured):
        redis_sets(wrong).probe()
    with pytest.raises(BackendUnavailable):
        redis_sets("redis://127.0.0.1:1/0").probe()


def test_several_sets_are_read_at_once_and_missing_ones_are_computed(sets: IdSets) -> None:
    sets.put("test:a", [1, 2])
    sets.put("test:empty", [])
    assert sets.get_many(["test:a", "test:empty", "test:missing"]) == {"test:a": {1, 2}, "test:empty": set()}
    found = sets.read_many({"test:a": never, "test:missing": lambda: [7]})
    assert found == {"test:a": {1, 2}, "test:missing": {7}}
    assert sets.get("test:missing") == {7}
