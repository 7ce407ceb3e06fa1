"""Damaged voter ids are quarantined: they would hide a person from the list of suppressed voters."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls
from apps.voters.loading.ids import describe_damage, without_marks
from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]


@pytest.mark.parametrize(
    "voter_id",
    ["NULL", "null", "N/A", "#N/A", "nan", "None", "UNKNOWN", "(null)", "-", "?", "1.23457E+11", "1.23457e+11",
     "1,23457E+11", "1E+05", "123.0", "#REF!", "########"],
)  # fmt: skip
def test_damaged_id(voter_id: str) -> None:
    assert describe_damage(voter_id)


@pytest.mark.parametrize("voter_id", ["42", "00042", "0", "AA1234", "12E34", "900000001-47", "A.12", "NY0001", "1.2.3"])
def test_sound_id(voter_id: str) -> None:
    assert describe_damage(voter_id) == ""


def test_marks_of_spreadsheets_are_removed() -> None:
    assert without_marks(["'00042", '="00043"', "O'1", "44"]) == ["00042", "00043", "O'1", "44"]
    assert without_marks(["1", "2"]) == ["1", "2"]


def test_damaged_ids_are_quarantined_and_the_rest_is_loaded(load_file: Load, write: Write) -> None:
    rows = voters(40)
    damaged = ["1.23457E+11", "1.23457E+11", "N/A", "NULL"]
    for number, voter_id in enumerate(damaged):
        rows[number]["voter_id"] = voter_id
    rows[4]["voter_id"] = "'00000004"
    report = load_file(write(rows))
    assert (report.loaded, report.quarantined) == (36, 4)
    assert "line 2, column voter_id: the id '1.23457E+11' was damaged by a spreadsheet" in report.first_errors[0]
    assert rolls.get_voter("HD", "NULL") is None
    assert rolls.get_voter("HD", "00000004") is not None
