"""`check_layout` describes a file, the layout it fits, and its changes."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from apps.synthetic.roll import NC_COLUMNS
from tests.voters.state_files import check_layout, members
from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_a_file_is_described(db: None, write: Write, load_file: Load, capsys: Any) -> None:
    load_file(write(voters(20)))
    changed = write(voters(20), "next.csv", header=("last_name", "voter_id", "state", "hava_id"))
    call_command("check_layout", str(changed))
    output = capsys.readouterr().out
    assert "next.csv: text of 4 columns, separated by commas." in output
    assert "It fits the layout generic" in output
    assert "No column for first_name (first_name). The field stays empty." in output
    assert "Compared with the last load (roll.csv" in output
    assert "New columns: hava_id. They are not stored unless the layout names them." in output


def test_a_changed_header_is_described(db: None, tmp_path: Path, capsys: Any) -> None:
    header = [{"ncid": "voter_number"}.get(c, c) for c in NC_COLUMNS if c != "suffix"]
    path = tmp_path / "nc.txt"
    path.write_text("\t".join([*header, "ssn"]) + "\n")
    call_command("check_layout", str(path), "--layout", "nc")
    output = capsys.readouterr().out
    assert "No column for voter_id (ncid). The file cannot be loaded without it." in output
    assert "New columns: voter_number, ssn." in output
    assert "Removed columns: ncid." in output


def test_a_file_without_a_header_is_reported(db: None, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "fl.txt"
    path.write_text("ALA\t100000001\tARBOR\t\tADA\t1976\nALA\t100000002\tBIRKE\t\tBELA\t1980\n")
    call_command("check_layout", str(path))
    assert "this file has no header" in capsys.readouterr().out


def test_files_without_a_header_and_of_fixed_width_are_described(
    state_rolls: Path, db: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    output = check_layout(state_rolls / "florida.zip", capsys)
    assert "this file has no header" in output
    assert "It may be the layout fl" in output
    assert re.search(r"The first [\d,]+ rows match the layout", output)
    shuffled = tmp_path / "shuffled.txt"
    text = members(state_rolls / "florida.zip")["Voters/ALA_20260901.txt"].decode()
    rows = [line.split("\t") for line in text.splitlines()]
    shuffled.write_text("".join("\t".join([*row[4:], *row[:4]]) + "\n" for row in rows))
    output = check_layout(shuffled, capsys, "--layout", "fl")
    assert "is not in the layout" in output
    assert "each of fixed width" in check_layout(state_rolls / "fixed.txt", capsys, "--layout", "fixed")


def test_the_forms_of_dates_are_described(db: None, write: Write, capsys: Any) -> None:
    rows = [{**row, "dob": f"{1 + n % 28}/3/1970 0:00:00"} for n, row in enumerate(voters(60))]
    rows[7]["dob"], rows[8]["dob"] = "00/00/1970", ""
    call_command("check_layout", str(write(rows)))
    assert "Dates in dob: parts with year 58, year alone 1; order day first; no date 1." in capsys.readouterr().out
    rows[9]["dob"] = rows[10]["dob"] = "about 1970"
    call_command("check_layout", str(write(rows)))
    assert (
        "Column dob: 2 of 59 dates (3.4%) cannot be read: AAAAA 9999 (2); first lines 11, 12" in capsys.readouterr().out
    )
