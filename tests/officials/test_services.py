"""Loads of officials replace their bodies only."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.core.errors import BadInput, Refused
from apps.officials.models import Holding, Official, Source
from apps.officials.representation import Seat, seats_for_divisions
from apps.officials.services import load_officials
from tests.officials.samples import DAY, load, member, person, role

pytestmark = pytest.mark.django_db
STATE = "ocd-division/country:us/state:qx"


def summary(seats: list[Seat]) -> list[tuple[str, list[str], int]]:
    return [(seat.title, [holder.official.name for holder in seat.holders], seat.vacant) for seat in seats]


def test_a_new_load_replaces_its_own_bodies_only(tmp_path: Path) -> None:
    elsewhere = person(
        9, role("upper", "1", jurisdiction="ocd-jurisdiction/country:us/state:zz/government"), _jurisdiction="zz"
    )
    load(tmp_path, person(1, role("upper", "3")), person(2, role("upper", "4")), elsewhere)
    report = load(tmp_path, person(1, role("upper", "3"), name="Renamed"))
    assert (report["loaded"], report["gone"], report["bodies"]) == (1, 1, 1)
    assert summary(seats_for_divisions([f"{STATE}/sldu:3", f"{STATE}/sldu:4"], DAY)) == [
        ("State senator", ["Renamed"], 0)
    ]
    assert summary(seats_for_divisions(["ocd-division/country:us/state:zz/sldu:1"], DAY)) == [
        ("State senator", ["Person 9"], 0)
    ]
    load(tmp_path, person(1, role("upper", "3")), elsewhere)
    assert Source.objects.count() == 1
    assert Official.objects.count() == 2


def test_additions_to_members_survive_a_new_load(tmp_path: Path) -> None:
    offices = {
        "id": {"bioguide": "Q000001"},
        "offices": [{"address": "1 Elm St", "city": "Anytown", "phone": "701-555-0101"}],
    }
    social = {"id": {"bioguide": "Q000001"}, "social": {"mastodon": "@one@example.org", "twitter_id": 5}}
    with pytest.raises(Refused, match="Load them first"):
        load(tmp_path, offices)
    for _ in range(2):
        load(tmp_path, member(1, "sen", address="2 Dome Sq", phone="701-555-0102"))
        added = load(tmp_path, offices, {"id": {"bioguide": "X000000"}, "offices": []})
        assert (added["loaded"], added["skipped"]) == (1, {"an unknown id": 1})
        load(tmp_path, social)
    load(tmp_path, member(1, "sen", address="3 Dome Sq"))
    official = Official.objects.get()
    assert official.offices == [
        {"kind": "capitol", "address": "3 Dome Sq", "phone": ""},
        {"kind": "district", "address": "1 Elm St, Anytown", "phone": "701-555-0101"},
    ]
    assert official.accounts == {"mastodon": "@one@example.org"}


def test_an_old_list_is_stale_and_a_future_date_is_limited_to_today(tmp_path: Path) -> None:
    today = timezone.localdate()
    for age, stale in ((0, False), (180, False), (181, True), (-400, False)):
        report = load(tmp_path, person(1, role("upper", "3")), as_of=today - timedelta(age))
        assert report["stale"] is stale
        holder = seats_for_divisions([f"{STATE}/sldu:3"], today)[0].holders[0]
        assert (holder.stale, holder.as_of) == (stale, min(today, today - timedelta(age)))


def test_invalid_records_are_counted_and_the_rest_is_loaded(tmp_path: Path) -> None:
    good = person(1, role("upper", "3"), role("upper", "2", start="2019", end="2022-12"))
    report = load(
        tmp_path,
        good,
        person(1, role("upper", "3")),
        person(2),
        person(3, role("upper", "3", jurisdiction="elsewhere")),
        person(4, role("upper", "California", jurisdiction="ocd-jurisdiction/country:us/government")),
        person(5, role("upper", "5"), name=""),
        {"id": "ocd-person/6"},
    )
    assert report["loaded"] == 1
    assert report["skipped"] == {
        "a person listed twice": 1,
        "a person without an office": 5,
        "a role without jurisdiction or type": 1,
        "a seat in Congress (load congress-legislators)": 1,
        "a record in another format": 1,
    }
    assert sorted(Holding.objects.values_list("start", "end")) == [
        (date(2019, 1, 1), date(2022, 12, 1)),
        (date(2023, 1, 3), None),
    ]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", Refused, "has no record"),
        (b"{}\n", BadInput, "neither a file of Open States"),
        (b"not json\n", BadInput, "line 1: not JSON"),
        (b"[1, 2]", BadInput, "record 1: not a JSON object"),
        (b'{"id": "ocd-person/1", "name": "A", "roles": []}\n', Refused, "no one with an office"),
        (b'{"id": "ocd-person/1", "name": "A", "roles": []}\n{"half', BadInput, "line 2: not JSON"),
        (b"\x1f\x8b\x08\x00 broken", BadInput, "cannot be read"),
        (b"\xff\xfe\x00", BadInput, "cannot be read"),
    ],
)
def test_an_invalid_list_of_officials_is_refused(
    content: bytes, error: type[Exception], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "people.jsonl"
    path.write_bytes(content)
    with pytest.raises(error, match=words):
        load_officials(path=path)
    assert not Source.objects.exists()
