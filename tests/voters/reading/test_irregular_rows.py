"""Rows as programs leave them: delimiters at the end, the header again, a column twice, a stray quote."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.core.errors import Refused
from apps.voters import rolls

Load = Callable[..., Any]
HEADER = "voter_id,first_name,last_name,dob,address,city,state,status"
ROWS = [f"R{n:04},ANN,LEE{n},19{50 + n}-03-04,{n} ELM ST,TARN,HD,A" for n in range(30)]


def load_text(load_file: Load, path: Path, lines: list[str], **options: Any) -> Any:
    """Load lines as a CSV file."""
    path.write_text("\n".join(lines) + "\n")
    return load_file(path, **options)


@pytest.mark.parametrize(
    ("header", "tail"),
    [(HEADER, ","), (f"{HEADER},", ","), (f"{HEADER},", ""), (HEADER, ",,"), (HEADER, ", "), (f"{HEADER},,", ",,")],
)
def test_empty_columns_at_the_end_are_no_columns(load_file: Load, tmp_path: Path, header: str, tail: str) -> None:
    report = load_text(load_file, tmp_path / "a.csv", [header, *(row + tail for row in ROWS)])
    assert (report.loaded, report.quarantined) == (30, 0)


def test_tabs_and_pipes_at_the_end_too(load_file: Load, tmp_path: Path) -> None:
    for delimiter in "\t|;":
        lines = [(line + ",").replace(",", delimiter) for line in ROWS]
        report = load_text(load_file, tmp_path / "a.txt", [HEADER.replace(",", delimiter), *lines], accept="test")
        assert report.loaded == 30


def test_a_filled_column_without_a_name_is_quarantined(load_file: Load, tmp_path: Path) -> None:
    report = load_text(load_file, tmp_path / "a.csv", [HEADER, *ROWS, "R9999,ANN,LEE,1950-03-04,1 ELM ST,TARN,HD,A,x"])
    assert (report.loaded, report.quarantined) == (30, 1)
    assert "9 columns instead of 8" in report.first_errors[0]


@pytest.mark.parametrize("again", [HEADER, HEADER.upper(), f"\ufeff{HEADER}", HEADER.title()])
def test_a_repeated_header_is_skipped_and_counted(load_file: Load, tmp_path: Path, again: str) -> None:
    report = load_text(load_file, tmp_path / "a.csv", [HEADER, *ROWS[:10], again, *ROWS[10:20], again, *ROWS[20:]])
    assert (report.read, report.loaded, report.quarantined) == (30, 30, 0)
    assert report.as_dict()["removed"] == {"repeated headers": 2}
    assert list(report.states) == ["HD"]


def test_a_column_that_occurs_twice_with_the_same_values_is_one(load_file: Load, tmp_path: Path) -> None:
    report = load_text(load_file, tmp_path / "a.csv", [f"{HEADER},Status", *(f"{row},A" for row in ROWS)])
    assert report.loaded == 30


def test_a_column_that_occurs_twice_with_other_values_is_refused(load_file: Load, tmp_path: Path) -> None:
    lines = [f"{HEADER},status", *(f"{row},A" for row in ROWS[:9]), f"{ROWS[9]},R"]
    with pytest.raises(
        Refused, match=r"a.csv line 1: the column 'status' occurs twice, with different values on line 11"
    ):
        load_text(load_file, tmp_path / "a.csv", lines)


def test_a_column_that_no_field_reads_may_occur_twice(load_file: Load, tmp_path: Path) -> None:
    report = load_text(load_file, tmp_path / "a.csv", [f"{HEADER},notes,notes", *(f"{row},x,y" for row in ROWS)])
    assert report.loaded == 30


def test_a_stray_quote_names_line_column_and_the_way_out(load_file: Load, tmp_path: Path) -> None:
    bad = 'R0099,"JIM,SMITH,1950-03-04,1 ELM ST,TARN,HD,A'
    with pytest.raises(Refused) as caught:
        load_text(load_file, tmp_path / "a.csv", [HEADER, *ROWS, bad, *ROWS[:3]])
    message = str(caught.value)
    assert "a.csv line 32, column first_name: a quote is opened and never closed" in message
    assert "`quotes: false`" in message
    assert "--accept" in message


def test_a_quote_inside_a_cell_is_an_ordinary_character(load_file: Load, tmp_path: Path) -> None:
    load_text(load_file, tmp_path / "a.csv", [HEADER, *ROWS, 'R0099,JAMES "JIM,SMITH,1950-03-04,1 ELM ST,TARN,HD,A'])
    row = rolls.get_voter("HD", "R0099")
    assert row is not None
    assert row.record.first_name == 'JAMES "JIM'


def test_nul_bytes_are_removed_and_counted(load_file: Load, tmp_path: Path) -> None:
    lines = [HEADER, *ROWS, "R0099,AN\0N,NULLEY\0\0,1950-03-04,1 ELM ST,TARN,HD,A"]
    report = load_text(load_file, tmp_path / "a.csv", lines)
    row = rolls.get_voter("HD", "R0099")
    assert row is not None
    assert (row.record.first_name, row.record.last_name) == ("ANN", "NULLEY")
    assert report.as_dict()["removed"] == {"NUL bytes": 3}
