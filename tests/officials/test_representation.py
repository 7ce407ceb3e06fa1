"""Who represents a division on a date, and which seats are vacant."""

import os
from datetime import date
from pathlib import Path

import pytest

from apps.officials.models import Holding
from apps.officials.representation import Seat, seats_for_divisions, with_containing_divisions
from apps.officials.services import load_officials
from tests.officials.samples import DAY, load, member, person, role

pytestmark = pytest.mark.django_db
STATE = "ocd-division/country:us/state:qx"


def summary(seats: list[Seat]) -> list[tuple[str, list[str], int]]:
    return [(seat.title, [holder.official.name for holder in seat.holders], seat.vacant) for seat in seats]


def test_representatives_from_the_senate_to_the_district(tmp_path: Path) -> None:
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
    assert summary(seats_for_divisions(ids, DAY)) == [
        ("U.S. senator", ["Member 1"], 1),
        ("U.S. representative", ["Member 2"], 0),
        ("Governor", ["Person 4"], 0),
        ("State senator", ["Person 1"], 0),
        ("State representative", ["Person 2", "Person 3"], 0),
    ]
    assert summary(seats_for_divisions([f"{STATE}/sldl:9"], DAY))[-1][0] == "Governor"
    assert seats_for_divisions(["ocd-division/country:us/state:zz"], DAY) == []


def test_vacant_seats_are_reported_and_abolished_ones_are_not(tmp_path: Path) -> None:
    load(
        tmp_path,
        person(1, role("lower", "27", end="2024-01-15")),
        person(2, role("lower", "28", end="2010-01-15", start="2005-01-03")),
        person(3, role("lower", "29", start="2025-01-03")),
    )
    load(tmp_path, member(1, "sen"), member(2, "sen"), member(3, "rep", district=1))
    assert summary(seats_for_divisions([f"{STATE}/sldl:27"], DAY))[-1] == ("State representative", [], 1)
    for other in ("28", "29"):
        assert summary(seats_for_divisions([f"{STATE}/sldl:{other}"], DAY)) == [
            ("U.S. senator", ["Member 1", "Member 2"], 0)
        ]
    assert summary(seats_for_divisions([f"{STATE}/cd:2"], DAY))[-1] == ("U.S. representative", [], 1)


def test_terms_end_and_begin_on_the_same_day(tmp_path: Path) -> None:
    load(tmp_path, person(1, role("upper", "3", end="2024-01-08")), person(2, role("upper", "3", start="2024-01-08")))
    names = [summary(seats_for_divisions([f"{STATE}/sldu:3"], date(2024, 1, day)))[0][1] for day in (7, 8)]
    assert names == [["Person 1"], ["Person 2"]]


def test_at_large_members_and_delegates_represent_their_state(tmp_path: Path) -> None:
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


def test_divisions_include_those_that_contain_them() -> None:
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
