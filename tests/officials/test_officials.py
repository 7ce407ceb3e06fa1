"""Officials from the files of the field: who represents whom, what is vacant, what has grown old."""

import gzip
import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.core.errors import BadInput, Refused
from apps.officials.models import Holding, Official, Source
from apps.officials.representation import Seat, seats_for_divisions, with_containing_divisions
from apps.officials.services import load_officials

pytestmark = pytest.mark.django_db
STATE = "ocd-division/country:us/state:qx"
PLACE = "ocd-jurisdiction/country:us/state:qx/government"
DAY = date(2024, 6, 1)


def person(number: int, *roles: dict[str, Any], **more: Any) -> dict[str, Any]:
    return (
        {"id": f"ocd-person/{number}", "name": f"Person {number}", "roles": list(roles), "_jurisdiction": "qx"}
        | {"_kind": "legislature"}
        | more
    )


def role(
    kind: str, district: str | None = None, start: str = "2023-01-03", end: str | None = None, **more: Any
) -> dict[str, Any]:
    return {"type": kind, "jurisdiction": PLACE, "start_date": start} | (
        ({"district": district} if district else {}) | ({"end_date": end} if end else {}) | more
    )


def member(number: int, kind: str, start: str = "2023-01-03", end: str = "2025-01-03", **more: Any) -> dict[str, Any]:
    term = {"type": kind, "start": start, "end": end, "state": "QX", "party": "Ivy"} | more
    return {"id": {"bioguide": f"Q{number:06}"}, "name": {"first": "Member", "last": str(number)}, "terms": [term]}


def write(path: Path, records: list[Any]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(record) + "\n" for record in records))
    return path


def load(tmp_path: Path, *records: Any, as_of: date = DAY) -> dict[str, Any]:
    return load_officials(path=write(tmp_path / "people.jsonl.gz", list(records)), as_of=as_of)


def told(seats: list[Seat]) -> list[tuple[str, list[str], int]]:
    return [(seat.title, [holder.official.name for holder in seat.holders], seat.vacant) for seat in seats]


def test_everybody_from_the_senate_to_the_district(tmp_path: Path) -> None:
    load(
        tmp_path,
        person(1, role("upper", "3"), party=[{"name": "Ivy"}], email="one@example.org"),
        person(2, role("lower", "12")),
        person(3, role("lower", "12")),
        person(4, role("governor"), _kind="executive"),
    )
    load(tmp_path, member(1, "sen", end="2029-01-03"), member(2, "rep", district=4))
    load(tmp_path, member(1, "sen", end="2029-01-03"), member(2, "rep", district=4))
    ids = [f"{STATE}/cd:4", f"{STATE}/sldu:3", f"{STATE}/sldl:12"]
    assert told(seats_for_divisions(ids, DAY)) == [
        ("U.S. senator", ["Member 1"], 1),
        ("U.S. representative", ["Member 2"], 0),
        ("Governor", ["Person 4"], 0),
        ("State senator", ["Person 1"], 0),
        ("State representative", ["Person 2", "Person 3"], 0),
    ]
    assert told(seats_for_divisions([f"{STATE}/sldl:9"], DAY))[-1][0] == "Governor"
    assert seats_for_divisions(["ocd-division/country:us/state:zz"], DAY) == []


def test_vacant_seats_are_said_and_long_gone_ones_are_not(tmp_path: Path) -> None:
    load(
        tmp_path,
        person(1, role("lower", "27", end="2024-01-15")),
        person(2, role("lower", "28", end="2010-01-15", start="2005-01-03")),
        person(3, role("lower", "29", start="2025-01-03")),
    )
    load(tmp_path, member(1, "sen"), member(2, "sen"), member(3, "rep", district=1))
    assert told(seats_for_divisions([f"{STATE}/sldl:27"], DAY))[-1] == ("State representative", [], 1)
    for other in ("28", "29"):
        assert told(seats_for_divisions([f"{STATE}/sldl:{other}"], DAY)) == [
            ("U.S. senator", ["Member 1", "Member 2"], 0)
        ]
    assert told(seats_for_divisions([f"{STATE}/cd:2"], DAY))[-1] == ("U.S. representative", [], 1)


def test_terms_end_and_begin_on_the_same_day(tmp_path: Path) -> None:
    load(tmp_path, person(1, role("upper", "3", end="2024-01-08")), person(2, role("upper", "3", start="2024-01-08")))
    names = [told(seats_for_divisions([f"{STATE}/sldu:3"], date(2024, 1, day)))[0][1] for day in (7, 8)]
    assert names == [["Person 1"], ["Person 2"]]


@pytest.mark.parametrize(
    ("jurisdiction", "kind", "district", "division"),
    [
        ("country:us/state:ma", "lower", "Eighteenth Essex", "state:ma/sldl:18th_essex"),
        (
            "country:us/state:ma",
            "upper",
            "Berkshire, Hampshire, Franklin and Hampden",
            "state:ma/sldu:berkshire_hampshire_franklin_and_hampden",
        ),
        ("country:us/state:nh", "lower", "Belknap 1", "state:nh/sldl:belknap_1"),
        ("country:us/state:vt", "lower", "Addison-1", "state:vt/sldl:addison-1"),
        ("country:us/state:ne", "legislature", "12", "state:ne/sldu:12"),
        ("country:us/state:ak", "upper", "E", "state:ak/sldu:e"),
        ("country:us/district:dc", "legislature", "Ward 3", "district:dc/ward:3"),
        ("country:us/district:dc", "legislature", "At-Large", "district:dc"),
        ("country:us/state:ak/place:anchorage", "mayor", None, "state:ak/place:anchorage"),
    ],
)
def test_districts_of_every_kind(
    jurisdiction: str, kind: str, district: str | None, division: str, tmp_path: Path
) -> None:
    load(tmp_path, person(1, role(kind, district, jurisdiction=f"ocd-jurisdiction/{jurisdiction}/government")))
    assert Holding.objects.get().office.division == f"ocd-division/country:us/{division}"


def test_at_large_members_and_delegates(tmp_path: Path) -> None:
    load(
        tmp_path,
        member(1, "rep", district=0),
        member(2, "rep", district=0, state="DC"),
        member(3, "rep", district=0, state="PR"),
    )
    assert set(Holding.objects.values_list("office__division", flat=True)) == {
        f"{STATE}/cd:at-large",
        "ocd-division/country:us/district:dc/cd:at-large",
        "ocd-division/country:us/territory:pr/cd:at-large",
    }


def test_a_new_load_speaks_for_its_bodies_alone(tmp_path: Path) -> None:
    elsewhere = person(
        9, role("upper", "1", jurisdiction="ocd-jurisdiction/country:us/state:zz/government"), _jurisdiction="zz"
    )
    load(tmp_path, person(1, role("upper", "3")), person(2, role("upper", "4")), elsewhere)
    report = load(tmp_path, person(1, role("upper", "3"), name="Renamed"))
    assert (report["loaded"], report["gone"], report["bodies"]) == (1, 1, 1)
    assert told(seats_for_divisions([f"{STATE}/sldu:3", f"{STATE}/sldu:4"], DAY)) == [("State senator", ["Renamed"], 0)]
    assert told(seats_for_divisions(["ocd-division/country:us/state:zz/sldu:1"], DAY)) == [
        ("State senator", ["Person 9"], 0)
    ]
    load(tmp_path, person(1, role("upper", "3")), elsewhere)
    assert Source.objects.count() == 1
    assert Official.objects.count() == 2


def test_district_offices_and_accounts_join_members_and_outlive_a_new_load(tmp_path: Path) -> None:
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


def test_an_old_list_is_marked_and_a_future_day_is_not_believed(tmp_path: Path) -> None:
    today = timezone.localdate()
    for age, stale in ((0, False), (180, False), (181, True), (-400, False)):
        report = load(tmp_path, person(1, role("upper", "3")), as_of=today - timedelta(age))
        assert report["stale"] is stale
        holder = seats_for_divisions([f"{STATE}/sldu:3"], today)[0].holders[0]
        assert (holder.stale, holder.as_of) == (stale, min(today, today - timedelta(age)))


def test_odd_records_are_counted_and_the_rest_is_loaded(tmp_path: Path) -> None:
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
def test_what_is_no_list_of_officials_is_refused(
    content: bytes, error: type[Exception], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "people.jsonl"
    path.write_bytes(content)
    with pytest.raises(error, match=words):
        load_officials(path=path)
    assert not Source.objects.exists()


def test_a_json_list_is_read_too_and_the_command_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "people.json"
    path.write_text(json.dumps([person(1, role("upper", "3"))], indent=1))
    call_command("load_officials", str(path), "--as-of", "2024-06-01", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["kind"], report["loaded"], report["as_of"]) == ("openstates", 1, "2024-06-01")
    for words, status in (((str(path), "--as-of", "soon"), 2), ((f"{path}.gone",), 2)):
        with pytest.raises(CommandError) as stopped:
            call_command("load_officials", *words)
        assert stopped.value.returncode == status


def test_divisions_bring_what_contains_them() -> None:
    assert with_containing_divisions([f"{STATE}/county:elm/precinct:5", f"{STATE}/cd:1"]) == [
        "ocd-division/country:us",
        STATE,
        f"{STATE}/county:elm",
        f"{STATE}/county:elm/precinct:5",
        f"{STATE}/cd:1",
    ]


@pytest.mark.real_data
@pytest.mark.skipif("VOTEKIN_REAL_DATA" not in os.environ, reason="VOTEKIN_REAL_DATA names no folder")
def test_the_whole_country_loads_and_every_representative_has_a_district() -> None:
    import pyarrow.parquet as pq

    folder = Path(os.environ["VOTEKIN_REAL_DATA"])
    state = load_officials(path=folder / "openstates_people_current.jsonl.gz", as_of=date(2026, 8, 5))
    congress = load_officials(path=folder / "us_legislators_current.jsonl.gz", as_of=date(2026, 6, 15))
    assert (state["loaded"], congress["loaded"]) == (8265, 537)
    known = set(pq.read_table(folder / "cd118_cb2023_20m.parquet", columns=["ocdid"]).column(0).to_pylist())
    known |= {f"ocd-division/country:us/territory:{each}/cd:at-large" for each in ("as", "gu", "mp", "vi")}
    sitting = Holding.objects.live().filter(office__role="rep", end__gt=date(2026, 6, 15))
    assert len(sitting) == 437
    assert {each.office.division for each in sitting.select_related("office")} <= known
