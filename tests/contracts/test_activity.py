"""The contract of the activity feed: the same on every backend, for any number of writers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.activity.base import Activity
from apps.activity.models import ActivityDocument
from apps.activity.mongo import MongoActivity
from apps.activity.sql import SqlActivity
from apps.core.errors import BadInput
from apps.privacy import registry as privacy
from tests.contracts.conftest import EMBEDDED_AND_REAL, real_url

pytestmark = pytest.mark.django_db


@pytest.fixture(params=EMBEDDED_AND_REAL)
def feed(request: pytest.FixtureRequest) -> Activity:
    """Return the empty store."""
    if request.param == "embedded":
        return SqlActivity("sql:")
    parts = urlsplit(real_url("ACTIVITY_URL"))
    store = MongoActivity(parts._replace(path="/votekin_test").geturl())
    store.purge(timezone.now() + timedelta(days=1))
    return store


def add(feed: Activity, actor_id: int, number: int) -> bool:
    return feed.append(actor_id=actor_id, kind="contacts.imported", facts={"import_id": number}, key=f"i:{number}")


def test_the_newest_act_comes_first_and_a_key_is_taken_once(feed: Activity) -> None:
    assert [add(feed, 7, number) for number in (1, 2, 3, 2)] == [True, True, True, False]
    entries = feed.feed(7)
    assert [entry.facts for entry in entries] == [{"import_id": 3}, {"import_id": 2}, {"import_id": 1}]
    assert {entry.kind for entry in entries} == {"contacts.imported"}
    assert timezone.now() - entries[0].at < timedelta(minutes=1)


def test_an_act_of_the_same_key_stays_as_it_was(feed: Activity) -> None:
    add(feed, 7, 1)
    assert not feed.append(actor_id=7, kind="other.kind", facts={}, key="i:1")
    assert [entry.kind for entry in feed.feed(7)] == ["contacts.imported"]


def test_two_members_may_use_one_key_and_see_their_own_only(feed: Activity) -> None:
    assert add(feed, 7, 1)
    assert add(feed, 8, 1)
    assert len(feed.feed(7)) == len(feed.feed(8)) == 1
    assert feed.feed(9) == []


def test_pages_follow_each_other_without_gap_or_double(feed: Activity) -> None:
    for number in range(7):
        add(feed, 7, number)
    first = feed.feed(7, limit=3)
    add(feed, 7, 99)
    second = feed.feed(7, limit=3, before=first[-1].cursor)
    rest = feed.feed(7, limit=3, before=second[-1].cursor)
    assert [entry.facts["import_id"] for entry in [*first, *second, *rest]] == [6, 5, 4, 3, 2, 1, 0]
    assert feed.feed(7, before=rest[-1].cursor) == []
    assert [entry.facts["import_id"] for entry in feed.whole_feed(7)] == [99, 6, 5, 4, 3, 2, 1, 0]


def test_of_many_writers_of_one_act_one_is_first(feed: Activity) -> None:
    if isinstance(feed, SqlActivity):
        pytest.skip("a test's own transaction is seen by one thread only")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: add(feed, 7, number % 10), range(80)))
    assert made.count(True) == len(feed.feed(7)) == 10


def test_a_limit_is_clamped(feed: Activity) -> None:
    for number in range(3):
        add(feed, 7, number)
    assert len(feed.feed(7, limit=0)) == len(feed.feed(7, limit=-5)) == 1
    assert len(feed.feed(7, limit=10**9)) == 3


@pytest.mark.parametrize("before", ["", "x y", "-1", "²", "9" * 40, "1 OR 1=1", '{"$gt": ""}', "\x00"])
def test_what_is_no_cursor_is_refused(feed: Activity, before: str) -> None:
    add(feed, 7, 1)
    with pytest.raises(BadInput, match="before"):
        feed.feed(7, before=before)


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "Nora Vale"},
        {"mail": "nora@example.org"},
        {"id": {"$ne": 1}},
        {"id": None},
        {"id": 1.5},
        {"id": 2**63},
        {"$where": 1},
        {"id": "x" * 65},
    ],
)
def test_a_fact_that_is_no_id_never_reaches_the_store(feed: Activity, facts: Any) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(facts))!r}".replace("$", r"\$")):
        feed.append(actor_id=7, kind="a.kind", facts=facts, key="k")
    assert feed.feed(7) == []


@pytest.mark.parametrize(("kind", "key"), [("A kind", "k"), ("", "k"), ("kind", ""), ("kind", "nora@example.org")])
def test_kind_and_key_are_ids_too(feed: Activity, kind: str, key: str) -> None:
    with pytest.raises(ValueError, match="kind or the key"):
        feed.append(actor_id=7, kind=kind, facts={}, key=key)


def test_erasing_drops_all_of_one_member_and_may_run_twice(feed: Activity) -> None:
    for number in range(3):
        add(feed, 7, number)
    add(feed, 8, 1)
    assert (feed.erase(7), feed.erase(7)) == (3, 0)
    assert feed.feed(7) == []
    assert len(feed.feed(8)) == 1


def test_purging_drops_what_is_older_only(feed: Activity) -> None:
    add(feed, 7, 1)
    assert feed.purge(timezone.now() - timedelta(days=1)) == 0
    assert feed.purge(timezone.now() + timedelta(seconds=1)) == 1
    assert feed.feed(7) == []


def test_the_feed_leaves_with_the_member_and_goes_with_the_member(member: User, other_member: User) -> None:
    feed = SqlActivity("sql:")
    add(feed, member.pk, 1)
    add(feed, other_member.pk, 2)
    held = privacy.export_all(member)[ActivityDocument._meta.label]
    assert [(row["kind"], row["import_id"]) for row in held["rows"]] == [("contacts.imported", 1)]
    assert privacy.erase_all(member)[ActivityDocument._meta.label] == 1
    assert [entry.facts for entry in feed.feed(other_member.pk)] == [{"import_id": 2}]


def test_the_retention_table_has_the_feed() -> None:
    assert {rule.name: rule.days for rule in privacy.retention_table()}["activity"] == 365
