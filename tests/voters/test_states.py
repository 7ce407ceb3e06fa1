"""Generated files of every layout load with exact counts, and the changes on record end in plain words."""

import csv
import gzip
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.synthetic.roll import LAYOUTS
from apps.synthetic.roll_states import OHIO_COLUMNS, OLD_COLUMNS
from apps.synthetic.state import make_state
from apps.voters import rolls
from apps.voters.layout import load_layout
from apps.voters.loading.load import DriftRefused

Load = Callable[..., Any]
OCD = "ocd-division/country:us/state"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the rolls of one made-up state in every layout."""
    folder = tmp_path_factory.mktemp("states") / "hd"
    make_state(folder, 1_500, 5, as_of=date(2026, 9, 1), contacts=20, layouts=LAYOUTS)
    return folder / "roll"


def rows_of(text: str, delimiter: str = "\t") -> list[dict[str, str]]:
    """Read a table with a header."""
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def ohio(made: Path) -> list[Path]:
    """Return Ohio's four files."""
    return sorted(path for path in made.glob("SWVF_*.txt.gz") if "next" not in path.name)


def test_ohios_four_files_are_one_roll(made: Path, load_file: Load) -> None:
    files = ohio(made)
    rows = [row for path in files for row in rows_of(gzip.decompress(path.read_bytes()).decode("latin-1"), ",")]
    status = Counter(row["VOTER_STATUS"] for row in rows)
    report = load_file(files[0], "oh", more=files[1:], state="OH")
    assert len(OHIO_COLUMNS) == 135
    assert (report.read, report.loaded, report.quarantined, dict(report.dropped)) == (len(rows), len(rows), 0, {})
    assert report.notes == []
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


def test_one_file_of_four_is_told(made: Path, load_file: Load) -> None:
    report = load_file(ohio(made)[0], "oh")
    assert "usually comes in 4 files; 1 was read. Name all of them" in report.notes[0]


def test_ohios_placeholders_are_no_dates(load_file: Load, tmp_path: Path) -> None:
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


def test_floridas_zip_of_counties_in_two_encodings(made: Path, load_file: Load) -> None:
    kept: Counter[str] = Counter()
    for name, data in members(made / "florida.zip").items():
        if "_H_" not in name and "Read" not in name:
            for line in data.decode("utf-8" if is_utf8(data) else "latin-1").splitlines():
                cells = line.split("\t")
                assert len(cells) == 38
                kept["exempt" if cells[6] == "Y" else cells[28]] += 1
    report = load_file(made / "florida.zip", "fl")
    assert report.read == sum(kept.values())
    assert report.loaded == kept["ACT"] + kept["INA"]
    assert dict(report.dropped) == {"exempt": kept["exempt"], "preregistered": kept["PRE"]}
    assert report.quarantined == 0
    snapshot = rolls.live_snapshots()["FL"]
    assert "INDIAN RIVER" not in snapshot.counts["by_county"]
    assert "ALACHUA" in snapshot.counts["by_county"]


def members(path: Path) -> dict[str, bytes]:
    """Return the files of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def is_utf8(data: bytes) -> bool:
    """Return whether bytes are UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_a_quote_in_a_file_that_quotes_nothing(load_file: Load, tmp_path: Path) -> None:
    layout = load_layout("fl")
    cells = {"County Code": "IND", "Voter ID": "1", "Name Last": 'O"HARA', "Name First": '"BO', "Voter Status": "ACT"}
    path = tmp_path / "IND_20260901.txt"
    path.write_text("\t".join(cells.get(name, "") for name in layout.names) + "\n")
    load_file(path, "fl")
    row = rolls.get_voter("FL", "1")
    assert row is not None
    assert (row.record.last_name, row.record.first_name, row.county) == ('O"HARA', '"BO', "Indian River")


@pytest.mark.parametrize("form", ["nc", "nc71"])
def test_both_forms_of_north_carolina(made: Path, load_file: Load, form: str) -> None:
    path = made / ("ncvoter_HD.txt" if form == "nc" else "ncvoter71_HD.txt")
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


def test_the_old_form_is_the_layouts(made: Path) -> None:
    assert load_layout("nc").forms["to 2022"] == OLD_COLUMNS


def test_fixed_columns(made: Path, load_file: Load) -> None:
    lines = (made / "fixed.txt").read_text(encoding="latin-1").splitlines()
    hidden = sum(line[92] == "Y" for line in lines)
    report = load_file(made / "fixed.txt", "fixed")
    assert (report.read, report.loaded, dict(report.dropped)) == (
        len(lines), len(lines) - hidden, {"confidential": hidden},
    )  # fmt: skip
    row = rolls.get_voter("HD", lines[40][3:13])
    assert row is not None
    assert (row.record.last_name, row.record.zip) == (lines[40][13:38].strip(), lines[40][160:165])


def carolina(made: Path, tmp_path: Path, name: str, change: Callable[[dict[str, str]], dict[str, str]]) -> Path:
    """Write today's form with every row changed."""
    rows = [change(row) for row in rows_of((made / "ncvoter_HD.txt").read_text(encoding="latin-1"))]
    path = tmp_path / name
    with path.open("w", encoding="latin-1", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_changes_on_record_end_in_plain_words(
    made: Path, load_file: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """2022-02 renamed, dropped and moved columns; then dates were masked in two ways; 2026-02 added three columns."""
    load_file(made / "ncvoter71_HD.txt", "nc")
    before = rolls.live_snapshots()["HD"].counts["loaded"]
    told = said(made / "ncvoter_HD.txt", capsys)
    for words in (
        "It fits the layout nc: the file has 100% of the layout's columns.",
        "Probably renamed: midl_name is now middle_name.",
        "Probably renamed: name_sufx_cd is now name_suffix_lbl.",
        "Probably renamed: birth_place is now birth_state.",
        "Removed columns: absent_ind, name_prefx_cd, dist_2_abbrv, dist_2_desc",
        "The columns are in another order; they are read by name, so this has no effect.",
    ):
        assert words in told, told
    report = load_file(made / "ncvoter_HD.txt", "nc")
    assert report.loaded == before
    assert report.drift["HD"]["beyond"] == []
    assert any("midl_name is now middle_name" in note for note in report.drift["HD"]["notes"])
    for mask, name in (("XX-XX-XXXX", "dashes.txt"), ("##/##/####", "signs.txt")):
        path = carolina(made, tmp_path, name, lambda row, mask=mask: row | {"registr_dt": mask})  # type: ignore[misc]
        report = load_file(path, "nc")
        assert report.loaded == before
        notes = report.drift["HD"]["notes"]
        assert ("The column registr_dt contains a mask; it contained dates before." in notes) == (name == "dashes.txt")
    added = {"hava_id_req": "N", "ssn": "900-00-0001", "no_dl_ssn_chkbx": "N"}
    path = carolina(made, tmp_path, "2026.txt", lambda row: row | added)
    report = load_file(path, "nc")
    assert (
        "New columns: hava_id_req, ssn, no_dl_ssn_chkbx. They are not stored unless the layout names them."
        in (report.drift["HD"]["notes"])
    )
    assert {"hava_id_req", "ssn", "no_dl_ssn_chkbx"} <= set(report.ignored_columns)
    for stored in rolls.live_snapshots()["HD"].path.rglob("*"):
        assert stored.is_dir() or b"900-00-0001" not in stored.read_bytes()


def said(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Return what check_layout says."""
    capsys.readouterr()
    call_command("check_layout", str(path), *options)
    return capsys.readouterr().out


def test_check_layout_reads_a_file_without_a_header_and_one_of_fixed_columns(
    made: Path, db: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = said(made / "florida.zip", capsys)
    assert "this file has no header" in told
    assert "It may be the layout fl" in told
    assert re.search(r"The first [\d,]+ rows match the layout", told)
    shuffled = tmp_path / "shuffled.txt"
    text = members(made / "florida.zip")["Voters/ALA_20260901.txt"].decode()
    rows = [line.split("\t") for line in text.splitlines()]
    shuffled.write_text("".join("\t".join([*row[4:], *row[:4]]) + "\n" for row in rows))
    told = said(shuffled, capsys, "--layout", "fl")
    assert "is not in the layout" in told
    assert "each of fixed width" in said(made / "fixed.txt", capsys, "--layout", "fixed")


def test_columns_are_mapped_on_the_command_line(db: None, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = "".join(f"V{n},Arbor,Ada,{n % 4},{'on' if n else 'A'}\n" for n in range(30))
    path.write_text("Number,Surname,Given,Cong,Standing\n" + rows.replace(",on\n", ",ACTIVE\n"))
    pairs = ["voter_id=Number", "last_name=Surname", "first_name=Given", "cd=Cong", "status=Standing"]
    arguments = [part for pair in pairs for part in ("--map", pair)]
    call_command("load_roll", str(path), "--layout", "generic", "--state", "HD", *arguments)
    row = rolls.get_voter("HD", "V3")
    assert row is not None
    assert (row.record.last_name, row.record.first_name, row.districts["cd"]) == ("Arbor", "Ada", f"{OCD}:hd/cd:3")
    for wrong, words in (
        ("surname=X", "surname is not a field; known are: voter_id"),
        ("last_name", "is not FIELD=COLUMN"),
    ):
        with pytest.raises(CommandError, match=words) as caught:
            call_command("load_roll", str(path), "--layout", "generic", "--map", wrong)
        assert caught.value.returncode == 2
    with pytest.raises(CommandError, match=r"line 1: the column nummer \(voter_id\) is missing"):
        call_command("load_roll", str(path), "--layout", "generic", "--map", "voter_id=Nummer")


def test_a_layout_may_extend_another(settings: Any, load_file: Load, tmp_path: Path) -> None:
    folder = settings.DATA_DIR / "layouts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "club.yaml").write_text(
        "name: club\nextends: generic\ntitle: Our list\ncolumns:\n  voter_id: Number\n  last_name: Surname\n"
    )
    path = tmp_path / "club.csv"
    path.write_text("Number,Surname,first_name,state\n1,Arbor,Ada,HD\n")
    assert load_file(path, "club").loaded == 1
    row = rolls.get_voter("HD", "1")
    assert row is not None
    assert row.record.first_name == "Ada"


def test_a_file_of_another_month_refused_for_its_columns_waits(made: Path, load_file: Load, tmp_path: Path) -> None:
    load_file(made / "ncvoter_HD.txt", "nc")

    def without_place(row: dict[str, str]) -> dict[str, str]:
        return {name: cell for name, cell in row.items() if name not in ("cong_dist_abbrv", "res_street_address")}

    with pytest.raises(DriftRefused) as caught:
        load_file(carolina(made, tmp_path, "less.txt", without_place), "nc")
    assert "No column of the file supplies address any more." in str(caught.value)
    assert "No row has a district of layer cd any more." in str(caught.value)
