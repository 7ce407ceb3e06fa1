"""Generated files of every shipped layout load with exact counts."""

import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.synthetic.roll_states import OHIO_COLUMNS, OLD_COLUMNS
from apps.voters import rolls
from apps.voters.layout import load_layout
from tests.voters.state_files import is_utf8, members, rows_of

Load = Callable[..., Any]
OCD = "ocd-division/country:us/state"


def ohio(state_rolls: Path) -> list[Path]:
    """Return Ohio's four files."""
    return sorted(path for path in state_rolls.glob("SWVF_*.txt.gz") if "next" not in path.name)


def test_the_four_files_of_ohio_are_one_roll(state_rolls: Path, load_file: Load) -> None:
    files = ohio(state_rolls)
    rows = [row for path in files for row in rows_of(gzip.decompress(path.read_bytes()).decode("latin-1"), ",")]
    status = Counter(row["VOTER_STATUS"] for row in rows)
    report = load_file(files[0], "oh", more=files[1:], state="OH")
    assert len(OHIO_COLUMNS) == 135
    assert (report.read, report.loaded, report.quarantined, dict(report.dropped)) == (len(rows), len(rows), 0, {})
    assert [note.partition(":")[0] for note in report.notes] == ["Dates in dob"]
    snapshot = rolls.live_snapshots()["OH"]
    assert snapshot.counts["by_status"] == {"active": status["ACTIVE"], "inactive": status["CONFIRMATION"]}
    counties = load_layout("oh").counties
    named = {counties[row["COUNTY_NUMBER"]].upper() for row in rows}
    assert set(snapshot.counts["by_county"]) == named
    first = rows[0]
    row = rolls.get_voter("OH", first["SOS_VOTERID"])
    assert row is not None
    assert row.record.dob in (first["DATE_OF_BIRTH"], "")
    county = counties[first["COUNTY_NUMBER"]]
    assert row.county == county
    assert row.districts["county"] == f"{OCD}:oh/county:{county.lower()}"
    assert row.districts["sldl"] == f"{OCD}:oh/sldl:{first['STATE_REPRESENTATIVE_DISTRICT']}"


def test_a_missing_file_of_ohio_is_reported(state_rolls: Path, load_file: Load) -> None:
    report = load_file(ohio(state_rolls)[0], "oh")
    assert "usually comes in 4 files; 1 was read. Name all of them" in report.notes[-1]


def test_placeholder_dates_of_ohio_are_not_stored(load_file: Load, tmp_path: Path) -> None:
    path = tmp_path / "SWVF_1_22.txt"
    cells = {"SOS_VOTERID": "OH1", "COUNTY_NUMBER": "1", "LAST_NAME": "ARBOR", "VOTER_STATUS": "ACTIVE"}
    lines = [",".join(OHIO_COLUMNS)]
    for number, born in enumerate(("1800-01-01", "1855-06-02", "1900-01-01", "1976-07-04")):
        row = cells | {"SOS_VOTERID": f"OH{number}", "DATE_OF_BIRTH": born, "REGISTRATION_DATE": "1900-01-01"}
        lines.append(",".join(row.get(name, "") for name in OHIO_COLUMNS))
    path.write_text("\n".join(lines) + "\n")
    load_file(path, "oh")
    found = [rolls.get_voter("OH", f"OH{n}") for n in range(4)]
    assert [row.record.dob for row in found if row] == ["", "", "", "1976-07-04"]


def test_a_zip_of_florida_with_two_encodings_loads(state_rolls: Path, load_file: Load) -> None:
    kept: Counter[str] = Counter()
    for name, data in members(state_rolls / "florida.zip").items():
        if "_H_" not in name and "Read" not in name:
            for line in data.decode("utf-8" if is_utf8(data) else "latin-1").splitlines():
                cells = line.split("\t")
                assert len(cells) == 38
                kept["exempt" if cells[6] == "Y" else cells[28]] += 1
    report = load_file(state_rolls / "florida.zip", "fl")
    assert report.read == sum(kept.values())
    assert report.loaded == kept["ACT"] + kept["INA"]
    assert dict(report.dropped) == {"exempt": kept["exempt"], "preregistered": kept["PRE"]}
    assert report.quarantined == 0
    snapshot = rolls.live_snapshots()["FL"]
    assert "INDIAN RIVER" not in snapshot.counts["by_county"]
    assert "ALACHUA" in snapshot.counts["by_county"]


def test_quotes_in_a_layout_without_quoting_are_ordinary_characters(load_file: Load, tmp_path: Path) -> None:
    layout = load_layout("fl")
    cells = {"County Code": "IND", "Voter ID": "1", "Name Last": 'O"HARA', "Name First": '"BO', "Voter Status": "ACT"}
    path = tmp_path / "IND_20260901.txt"
    path.write_text("\t".join(cells.get(name, "") for name in layout.names) + "\n")
    load_file(path, "fl")
    row = rolls.get_voter("FL", "1")
    assert row is not None
    assert (row.record.last_name, row.record.first_name, row.county) == ('O"HARA', '"BO', "Indian River")


@pytest.mark.parametrize("form", ["nc", "nc71"])
def test_both_header_forms_of_north_carolina_load(state_rolls: Path, load_file: Load, form: str) -> None:
    path = state_rolls / ("ncvoter_HD.txt" if form == "nc" else "ncvoter71_HD.txt")
    rows = rows_of(path.read_text(encoding="latin-1"))
    hidden = [row for row in rows if row.get("confidential_ind", row.get("Confidential_ind")) == "Y"]
    report = load_file(path, "nc")
    assert len(rows[0]) == {"nc": 67, "nc71": 71}[form]
    assert report.read == len(rows)
    assert dict(report.dropped)["confidential"] == len(hidden)
    assert report.loaded + report.dropped.total() == len(rows)
    row = rolls.get_voter(
        "HD",
        next(r["ncid"] for r in rows if r["status_cd"] == "A" and r["midl_name" if form == "nc71" else "middle_name"]),
    )
    assert row is not None
    assert row.record.middle_name
    assert row.record.birth_year.isdigit()


def test_the_old_form_of_north_carolina_is_in_the_layout(state_rolls: Path) -> None:
    assert load_layout("nc").forms["to 2022"] == OLD_COLUMNS


def test_the_fixed_width_layout_loads(state_rolls: Path, load_file: Load) -> None:
    lines = (state_rolls / "fixed.txt").read_text(encoding="latin-1").splitlines()
    hidden = sum(line[92] == "Y" for line in lines)
    report = load_file(state_rolls / "fixed.txt", "fixed")
    assert (report.read, report.loaded, dict(report.dropped)) == (
        len(lines), len(lines) - hidden, {"confidential": hidden},
    )  # fmt: skip
    row = rolls.get_voter("HD", lines[40][3:13])
    assert row is not None
    assert (row.record.last_name, row.record.zip) == (lines[40][13:38].strip(), lines[40][160:165])
