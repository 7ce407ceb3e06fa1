"""Birth dates by column: the whole column decides their order; more than 2 % unread values stop a load."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps.core.errors import Refused
from apps.voters import rolls
from apps.voters.loading.dates import DateFields
from apps.voters.models import Snapshot
from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]
TODAY = date(2026, 11, 28)


def stored(texts: list[str], formats: list[str] | None = None, field: str = "dob") -> list[str]:
    """Return the values as a load stores them."""
    fields = DateFields(formats or ["any"], TODAY)
    return fields.read(field, texts, range(2, len(texts) + 2))


def with_dates(dates: list[str]) -> list[dict[str, str]]:
    """Return made-up voters with these birth dates."""
    return [{**row, "dob": text, "birth_year": ""} for row, text in zip(voters(len(dates)), dates, strict=True)]


def born(rows: list[dict[str, str]]) -> list[str]:
    """Return the birth dates of the live roll, or the years of voters without one."""
    found = [rolls.get_voter("HD", row["voter_id"]) for row in rows]
    return [row.record.dob or row.record.birth_year for row in found if row]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1940-01-02", "1940-01-02"), ("1/22/1940", "1940-01-22"), ("1/22/1940 0:00:00", "1940-01-22"),
        ("1/22/1940 12:00:00 AM", "1940-01-22"), ("01221940", "1940-01-22"), ("19400102", "1940-01-02"),
        ("1/22/40", "1940-01-22"), ("02-JAN-40", "1940-01-02"), ("January 2, 1940", "1940-01-02"),
        ("1940", "1940"), ("01/1940", "1940"), ("JAN 1940", "1940"), ("00/00/1940", "1940"), ("XX/XX/1940", "1940"),
        ("1940-01-00", "1940"), ("00001940", "1940"), ("01001940", "1940"), ("30755", "1984-03-14"),
        ("", ""), ("0000-00-00", ""), ("00/00/0000", ""), ("01/01/1900", ""), ("1900-01-01", ""), ("N/A", ""),
        ("12/30/1899", ""), ("1855-06-02", ""), ("XX/XX/XXXX", ""), ("##/##/####", ""), ("soon", ""),
        ("31/31/1984", ""),
    ],
)  # fmt: skip
def test_every_form_is_read(text: str, iso: str) -> None:
    assert stored([text]) == [iso]


@pytest.mark.parametrize(
    ("text", "year"),
    [("1984", "1984"), ("1984.0", "1984"), ("84", "1984"), ("09", "2009"), ("10", "1910"), ("3/4/1984", "1984"),
     ("14-MAR-84", "1984"), ("", ""), ("0", ""), ("XXXX", ""), ("1800", ""), ("old", "")],
)  # fmt: skip
def test_birth_years_are_read_from_any_form(text: str, year: str) -> None:
    assert stored([text], field="birth_year") == [year]


def test_layout_states_the_order() -> None:
    assert stored(["03/04/1984 00:00", "03/04/84"], ["DD/MM/YYYY"]) == ["1984-04-03", "1984-04-03"]
    assert stored(["03/04/84"], ["MM/DD/YYYY"]) == ["1984-03-04"]
    assert stored(["19840304", "03041984"], ["YYYYMMDD", "MMDDYYYY"]) == ["1984-03-04", "1984-03-04"]


def test_report_states_forms_and_order(load_file: Load, write: Write) -> None:
    rows = with_dates([f"{day}/3/1970 0:00:00" for day in range(1, 29)] + ["", "00/00/1970"])
    report = load_file(write(rows))
    assert report.dates["dob"]["read"] == {"parts with year": 28, "year alone": 1}
    assert report.dates["dob"]["order"] == "day first"
    assert "Dates in dob: parts with year 28, year alone 1; order day first; no date 1." in report.notes[-1]
    assert born(rows)[:3] == ["1970-03-01", "1970-03-02", "1970-03-03"]


def test_an_ambiguous_column_stops_until_its_order_is_named(load_file: Load, write: Write) -> None:
    rows = with_dates(["3/4/1984", "5/6/1990"] * 20)
    with pytest.raises(
        Refused, match=r"roll.csv, column dob: the dates do not show .* --dates MM/DD/YYYY or --dates DD"
    ):
        load_file(write(rows))
    load_file(write(rows), accept="test")
    assert born(rows)[:2] == ["1984", "1990"]  # of a date in an unknown order the year is certain


def test_more_than_two_percent_unread_stops_with_the_cure(load_file: Load, write: Write) -> None:
    rows = with_dates(["1984-03-14"] * 97 + ["soon", "31/31/1984", "2099-01-01"])
    with pytest.raises(Refused) as caught:
        load_file(write(rows))
    message = str(caught.value)
    assert "column dob: 3 of 100 dates (3.0%) cannot be read" in message
    assert "AAAA (1)" in message
    assert "first lines 99, 100, 101" in message
    assert "load with --accept" in message


def test_up_to_two_percent_unread_are_counted_by_shape(load_file: Load, write: Write) -> None:
    rows = with_dates(["1984-03-14"] * 98 + ["31/31/1984", "soon"])
    report = load_file(write(rows))
    assert report.dates["dob"]["unread"] == {"99/99/9999": 1, "AAAA": 1}
    assert report.dates["dob"]["first_lines"] == [100, 101]
    assert report.loaded == 100


def test_empty_and_masked_dates_stop_nothing(load_file: Load, write: Write) -> None:
    rows = with_dates(["XX/XX/XXXX", "", "00/00/0000", "NULL"] * 10)
    assert load_file(write(rows)).loaded == 40


def test_the_end_of_a_long_column_decides_for_its_beginning(load_file: Load, tmp_path: Path) -> None:
    """The first batch shows no order at all; the load reads once more with the order that the end shows."""
    header = "voter_id,first_name,last_name,address,city,state,dob,status\n"
    line = "R{0:06},ANN,LEE{0},{0} ELM ST,TARN,HD,{1},A\n"
    early = [line.format(n, "3/4/1984" if n % 2 else "5/6/1990") for n in range(40_000)]
    late = [line.format(n, "25/12/1971") for n in range(40_000, 40_400)]
    path = tmp_path / "long.csv"
    path.write_text(header + "".join(early + late))
    report = load_file(path)
    assert report.dates["dob"]["order"] == "day first"
    assert report.loaded == 40_400
    row = rolls.get_voter("HD", "R000001")
    assert row is not None
    assert row.record.dob == "1984-04-03"
    assert not Snapshot.objects.loading().exists()
