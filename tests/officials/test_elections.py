"""Elections and deadlines by OCD id, and the districts of the next one."""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from apps.core.errors import BadInput, Refused
from apps.districts.services import load_boundaries
from apps.officials.elections import (
    district_timelines,
    edit_election,
    load_elections,
    next_election,
    offices_of,
    upcoming_elections,
)
from apps.officials.models import Deadline, Election
from tests.districts.files import parquet
from tests.officials.samples import GENERAL, HEADER, SPECIAL

pytestmark = pytest.mark.django_db
STATE = "ocd-division/country:us/state:qx"


def file(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_elections_load_with_their_deadlines(tmp_path: Path) -> None:
    assert load_elections(path=file(tmp_path / "e.csv", GENERAL, SPECIAL)) == {
        "read": 2,
        "new": 2,
        "updated": 0,
        "kept": 0,
        "offices": 0,
    }
    election = Election.objects.get(key="g24")
    assert (election.seats_from, election.polls_open, election.checked) == (
        date(2025, 1, 13),
        time(7),
        date(2024, 6, 1),
    )
    assert [(each.kind, each.date) for each in election.deadlines.all()] == [
        ("registration_deadline", date(2024, 10, 11)),
        ("mail_return_deadline", date(2024, 11, 8)),
    ]
    assert Election.objects.get(key="s27").seats_from == date(2024, 7, 9)


def test_the_next_election_of_a_place_is_its_own_or_its_states(tmp_path: Path) -> None:
    load_elections(path=file(tmp_path / "e.csv", GENERAL, SPECIAL))

    def keys(division: str, day: date) -> list[str]:
        return [each.key for each in upcoming_elections([division], day)]

    assert keys(f"{STATE}/sldl:27", date(2024, 6, 1)) == ["s27", "g24"]
    assert keys(f"{STATE}/sldl:28", date(2024, 6, 1)) == ["g24"]
    assert keys(f"{STATE}/sldl:27", date(2024, 7, 10)) == ["g24"]
    found = next_election([f"{STATE}/sldl:27"], date(2024, 7, 9))
    assert found is not None
    assert found.key == "s27"
    assert next_election([STATE], date(2024, 11, 6)) is None


def test_loading_again_updates_all_but_edited_elections(tmp_path: Path) -> None:
    load_elections(path=file(tmp_path / "e.csv", GENERAL, SPECIAL))
    edit_election(
        election=Election.objects.get(key="g24"),
        deadlines={"registration_deadline": date(2024, 10, 15)},
        name="General election, corrected",
    )
    again = [row.replace("election", "vote").replace("2024-06-14", "2024-06-15") for row in (GENERAL, SPECIAL)]
    counts = {
        "read": 2,
        "new": 0,
        "updated": 1,
        "kept": 1,
        "offices": 0,
    }
    assert load_elections(path=file(tmp_path / "e.csv", *again)) == counts
    assert sorted(Election.objects.values_list("name", flat=True)) == ["General election, corrected", "Special vote"]
    assert sorted(Deadline.objects.values_list("date", flat=True)) == [date(2024, 6, 15), date(2024, 10, 15)]
    with pytest.raises(BadInput, match="soon is not a known deadline"):
        edit_election(election=Election.objects.get(key="s27"), deadlines={"soon": date(2024, 1, 1)})


def test_json_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_text(json.dumps([{"name": "Vote", "date": "2024-11-05", "division": STATE, "lines_on": None}]))
    assert load_elections(path=path)["new"] == 1
    assert load_elections(path=path)["updated"] == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (GENERAL.replace("2024-11-05", "soon"), "election 2: date 'soon' is not a date"),
        (GENERAL.replace("07:00", "dawn"), "election 2: polls_open 'dawn' is not a time"),
        (GENERAL.replace(STATE, "QX"), "election 2: division must be an OCD id"),
        (GENERAL.replace("General election", ""), "election 2: name is empty"),
        (GENERAL.replace("2024-10-11", "2024-12-11"), "registration_deadline is after election day"),
    ],
)
def test_an_invalid_row_is_named_and_the_file_is_refused(row: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=words):
        load_elections(path=file(tmp_path / "e.csv", SPECIAL, row))
    assert not Election.objects.exists()


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", BadInput, "lacks the column 'name'"),
        (b"name,date\n", BadInput, "lacks the column 'division'"),
        (HEADER.encode(), Refused, "has no election"),
        (b"[1]", BadInput, "list of objects"),
        (b"[{", BadInput, "not valid JSON"),
        (b"\xff\xfe", BadInput, "not UTF-8"),
    ],
)
def test_an_invalid_list_of_elections_is_refused(
    content: bytes, error: type[Exception], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "e.csv"
    path.write_bytes(content)
    with pytest.raises(error, match=words):
        load_elections(path=path)


def test_the_next_regular_election_sets_the_next_districts(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    load_elections(path=file(tmp_path / "e.csv", GENERAL, SPECIAL))
    vintages: list[tuple[str, float, dict[str, Any]]] = [
        ("2012", -99.0, {"valid_to": date(2025, 1, 12)}),
        ("2022", -100.0, {"valid_from": date(2025, 1, 13)}),
    ]
    for name, at, dates in vintages:
        halves = np.array([shapely.box(-101, 39, at, 42), shapely.box(at, 39, -98, 42)])
        path = parquet(tmp_path / f"{name}.parquet", halves, ocdid=[f"{STATE}/sldl:27", f"{STATE}/sldl:28"])
        load_boundaries(path=path, layer="sldl", vintage=name, **dates)
    clocks, election = district_timelines(-99.5, 40, date(2024, 6, 1))
    assert election is not None
    assert election.key == "g24"
    assert [hit.ocd_id[-2:] for hit in (*clocks["sldl"].today, *clocks["sldl"].next)] == ["27", "28"]
    assert clocks["sldl"].changes_on == date(2025, 1, 13)
    later, none = district_timelines(-99.5, 40, date(2025, 2, 1))
    assert (none, later["sldl"].differs) == (None, False)


OFFICE_HEADER = f"{HEADER},office_name,office_phone,office_address,office_hours,office_url"
OFFICE = (
    f",,office,,{STATE}/county:arno,,,,,,,Arno Board of Elections,701-555-0100,1 Main St,9 to 5,https://example.org/"
)


def test_a_row_may_name_the_election_office_of_its_division(tmp_path: Path) -> None:
    for phone in ("701-555-0100", "701-555-0199"):
        row = OFFICE.replace("701-555-0100", phone)
        path = file(tmp_path / "e.csv", f"{GENERAL},State Board,,,,", row, header=OFFICE_HEADER)
        assert load_elections(path=path)["offices"] == 2
        offices = offices_of([f"{STATE}/county:arno"])
        assert [(office.name, office.phone) for office in offices] == [
            ("Arno Board of Elections", phone),
            ("State Board", ""),
        ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (OFFICE.replace("Arno Board of Elections", ""), "row 1: office_name is empty"),
        (OFFICE.replace(STATE, "arno"), "row 1: division must be an OCD id"),
        (OFFICE.replace("https://example.org/", "javascript:x"), "row 1: office_url"),
    ],
)
def test_an_office_that_cannot_be_used_is_named(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        load_elections(path=file(tmp_path / "e.csv", row, header=OFFICE_HEADER))
