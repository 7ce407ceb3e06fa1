"""Golden fixtures of made-up rows: each layout of a state gives exactly these voters."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls
from apps.voters.layout import load_layout
from tests.voters.state_files import check_layout

Load = Callable[..., Any]
GOLDEN = Path(__file__).parent / "golden"
OCD = "ocd-division/country:us/state"

# File, layout, state, loaded, dropped, and facts of voters by id.
CASES: list[tuple[str, str, str, int, dict[str, int], dict[str, dict[str, str]]]] = [
    (
        "mi.csv", "mi", "MI", 4, {"confidential": 1, "preregistered": 1},
        {
            "900000001": {
                "first_name": "ADA", "middle_name": "QUILL", "last_name": "ARBOR", "suffix": "JR", "dob": "",
                "birth_year": "1961", "address": "12 1/2 N ELM ST APT 4", "city": "TARN", "zip": "00482",
                "status": "active", "mailing": "PO BOX 7\nTARN MI 00482", "county": "WAYNE", "cd": f"{OCD}:mi/cd:13",
                "sldl": f"{OCD}:mi/sldl:9", "precinct": f"{OCD}:mi/county:wayne/precinct:tarn_city_03_00012",
            },
            "900000002": {"address": "800 QUARRY RD W", "status": "inactive"},
            "900000003": {"status": "inactive"},
            "900000004": {"status": "removed"},
        },
    ),
    (
        "wa.txt", "wa", "WA", 3, {"confidential": 1},
        {
            "009000001": {
                "first_name": "Gala", "last_name": "Gentian", "suffix": "III", "dob": "", "birth_year": "1958",
                "address": "1411 1/2 SW HARBOR AVE # 5", "county": "King", "status": "active",
                "mailing": "PO BOX 12\nTARN, WA 00981", "cd": f"{OCD}:wa/cd:7", "sldu": f"{OCD}:wa/sldu:34",
                "sldl": f"{OCD}:wa/sldl:34", "precinct": f"{OCD}:wa/county:king/precinct:2712",
            },
            "009000002": {"last_name": "O'Nettle", "status": "inactive", "county": "Grays Harbor"},
            "009000003": {"status": "removed"},
        },
    ),
    (
        "wa_2019.txt", "wa", "WA", 2, {},
        {"WA009000001": {"dob": "1958-07-24", "birth_year": "1958", "address": "1411 HARBOR AVE 5"}},
    ),
    (
        "ny.txt", "ny", "NY", 4, {"preregistered": 1},
        {
            "NY000000000090000001": {
                "first_name": "KIRA", "last_name": "KALE", "dob": "1944-03-07", "address": "34-56 LANTERN AVE APT 2C",
                "county": "St. Lawrence", "status": "active", "mailing": "PO BOX 3\nTARN NY 00120",
                "cd": f"{OCD}:ny/cd:19",
                "sldu": f"{OCD}:ny/sldu:51", "sldl": f"{OCD}:ny/sldl:121",
                "precinct": f"{OCD}:ny/county:st_lawrence/precinct:tarn_002_121_4",
            },
            "NY000000000090000002": {"address": "8 1/2 E MILL ST", "status": "inactive"},
            "NY000000000090000003": {"address": "LOT 4 OFF QUARRY RD", "status": "active", "county": "New York"},
            "NY000000000090000004": {"status": "removed"},
        },
    ),
    (
        "ny_2021.txt", "ny", "NY", 2, {},
        {"NY000000000090000001": {"address": "34-56 LANTERN AVE 2C", "sldl": f"{OCD}:ny/sldl:121"}},
    ),
    (
        "pa.txt", "pa", "PA", 3, {"confidential": 1},
        {
            "900000001-47": {
                "first_name": "PÍA", "last_name": "ARBOR", "dob": "1949-03-14", "address": "208 1/2 W HARBOR LN 3",
                "county": "MONTOUR", "status": "active", "mailing": "PO BOX 9\nTARN, PA 00180", "phone": "",
                "precinct": f"{OCD}:pa/county:montour/precinct:105",
            },
            "900000002-47": {"suffix": "SR", "address": "9 QUARRY RD LOT 2", "status": "inactive"},
            "900000003-47": {"dob": "", "birth_year": ""},
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "layout", "state", "loaded", "dropped", "voters"), CASES, ids=[c[0] for c in CASES])
def test_golden_file_gives_exactly_these_voters(
    load_file: Load, name: str, layout: str, state: str, loaded: int, dropped: dict[str, int], voters: dict[str, Any]
) -> None:
    report = load_file(GOLDEN / name, layout)
    assert (report.loaded, dict(report.dropped), report.quarantined) == (loaded, dropped, 0)
    for voter_id, facts in voters.items():
        row = rolls.get_voter(state, voter_id)
        assert row is not None
        found = {**row.record._asdict(), **row.districts, "mailing": row.mailing_address, "county": row.county}
        assert {key: found[key] for key in facts} == facts


def test_only_the_voters_of_a_pennsylvanian_zip_are_read(load_file: Load, tmp_path: Path) -> None:
    path = tmp_path / "Statewide.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(GOLDEN / "pa.txt", "MONTOUR FVE 20260907.txt")
        for other in ("Election Map", "Zone Codes", "Zone Types"):
            archive.writestr(f"MONTOUR {other} 20260907.txt", "MONTOUR\t1\tx\ty\n")
    report = load_file(path, "pa")
    assert (report.read, report.loaded) == (4, 3)


@pytest.mark.parametrize(("name", "layout"), [(case[0], case[1]) for case in CASES])
def test_check_layout_knows_each_file(db: None, name: str, layout: str, capsys: pytest.CaptureFixture[str]) -> None:
    output = check_layout(GOLDEN / name, capsys)
    assert f"the layout {layout}" in output
    assert "rows match the layout" in output


@pytest.mark.parametrize("layout", ["mi", "wa", "ny", "pa"])
def test_every_column_of_a_layout_is_in_one_of_its_forms(layout: str) -> None:
    shipped = load_layout(layout)
    known = {column.upper() for form in [shipped.names, *shipped.forms.values()] for column in form}
    named = [column.upper() for source in shipped.columns.values() if isinstance(source, str)
             for column in source.split(" + ")]  # fmt: skip
    assert [column for column in named if column.strip() not in known] == []
