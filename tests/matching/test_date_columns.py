"""Dates by column: every common form, the order of day and month by what the whole column shows, and what is unread."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.matching.normalize.date_columns import NO_DATE, DateColumn, DateParts, DateProfile, Order, birth_year

TODAY = dt.date(2026, 11, 28)


def column(values: list[str], order: Order | None = None) -> DateColumn:
    profile = DateProfile(TODAY, order)
    profile.add(values)
    return profile.column()


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("1984-03-14", (1984, 3, 14)), ("1984/3/14", (1984, 3, 14)), ("1984.03.14", (1984, 3, 14)),
        ("3/14/1984", (1984, 3, 14)), ("03-14-1984", (1984, 3, 14)), ("3.14.1984", (1984, 3, 14)),
        ("3/14/1984 0:00:00", (1984, 3, 14)), ("3/14/1984 12:00:00 AM", (1984, 3, 14)),
        ("3/14/1984 12:00 a.m.", (1984, 3, 14)), ("1984-03-14T00:00:00Z", (1984, 3, 14)),
        ("1984-03-14 00:00:00.000", (1984, 3, 14)), ("1984-03-14T00:00:00+00:00", (1984, 3, 14)),
        ("14MAR1984:00:00:00", (1984, 3, 14)),
        ("03141984", (1984, 3, 14)), ("3141984", (1984, 3, 14)), ("19840314", (1984, 3, 14)),
        ("19840314.0", (1984, 3, 14)), ("031484", (1984, 3, 14)),
        ("3/14/84", (1984, 3, 14)), ("03-14-05", (2005, 3, 14)), ("3/14/'84", (1984, 3, 14)),
        ("14-MAR-84", (1984, 3, 14)), ("14-Mar-1984", (1984, 3, 14)), ("March 14, 1984", (1984, 3, 14)),
        ("Mar. 14th, 1984", (1984, 3, 14)), ("14 de marzo de 1984", (1984, 3, 14)),
        ("14 de dezembro de 1984", (1984, 12, 14)), ("Wednesday, March 14, 1984", (1984, 3, 14)),
        ("1984", (1984, 0, 0)), ("1984.0", (1984, 0, 0)), ("03/1984", (1984, 3, 0)), ("1984-03", (1984, 3, 0)),
        ("March 1984", (1984, 3, 0)),
        ("30755", (1984, 3, 14)), ("30755.0", (1984, 3, 14)), ("30755.5", (1984, 3, 14)),
    ],
)  # fmt: skip
def test_every_form_is_read(value: str, parts: tuple[int, int, int]) -> None:
    read = column([value])
    assert read.problem() == ""
    assert read.read(value) == parts


@pytest.mark.parametrize(
    "value",
    ["", " ", "0000-00-00", "00/00/0000", "0/0/0000", "00000000", "NULL", "N/A", "unknown", "1900-01-01", "01/01/1900",
     "1/1/1800 0:00:00", "0000-00-00 00:00:00", "99999999", "0"],
)  # fmt: skip
def test_no_date_is_no_error(value: str) -> None:
    read = column([value] * 3)
    assert read.read(value) == NO_DATE
    assert (read.nulls, read.unread_share, read.problem()) == (1, 0.0, "")


@pytest.mark.parametrize(("two", "year"), [("09", 2009), ("10", 1910), ("84", 1984), ("26", 1926), ("00", 2000)])
def test_two_digit_years_are_those_of_people_from_17_to_116(two: str, year: int) -> None:
    assert column([f"3/14/{two}"]).read(f"3/14/{two}").year == year


def test_the_whole_column_decides_whether_the_day_comes_first() -> None:
    values = ["3/4/1984", "5/6/1990", "25/12/1971"]
    read = column(values)
    assert read.order is Order.DAY_FIRST
    assert [read.read(v).iso for v in values] == ["1984-04-03", "1990-06-05", "1971-12-25"]
    american = column(["3/4/1984", "5/6/1990", "12/25/1971"])
    assert american.order is Order.MONTH_FIRST
    assert american.read("3/4/1984").iso == "1984-03-04"
    assert column(["03041984", "25121971"]).read("03041984").iso == "1984-04-03"
    assert column(["3/4/84", "12/25/71", "1/2/1990"]).read("1/2/1990").iso == "1990-01-02"


def test_an_order_that_the_column_does_not_show_stops_until_it_is_named() -> None:
    values = ["3/4/1984", "5/6/1990"]
    assert "whether day or month comes first" in column(values).problem()
    assert column(values).read("3/4/1984") == NO_DATE
    named = column(values, Order.DAY_FIRST)
    assert named.problem() == ""
    assert named.read("3/4/1984").iso == "1984-04-03"
    # Where day and month are the same number there is nothing to decide.
    assert column(["1/1/1940 0:00:00", "2/2/1941 0:00:00"]).read("2/2/1941 0:00:00").iso == "1941-02-02"


def test_two_orders_in_one_column_stop_it_and_single_slips_do_not() -> None:
    mixed = ["12/25/1971"] * 6 + ["25/12/1971"] * 4
    assert "comes first" in column(mixed).problem()
    nearly = ["12/25/1971"] * 200 + ["25/12/1971"]
    read = column(nearly)
    for row, value in enumerate(nearly):
        read.read(value, row)
    assert (read.order, read.unread_by_shape, read.problem()) == (Order.MONTH_FIRST, {"99/99/9999": 1}, "")


def test_a_number_is_a_serial_only_in_a_column_of_serials() -> None:
    assert column(["30755", "28000", "1984-03-14"]).read("28000").iso == "1976-08-28"
    assert column(["1984-03-14"] * 9 + ["27601"]).parts("27601") is None


def test_what_is_not_read_is_counted_by_shape_with_its_first_rows() -> None:
    values = ["1984-03-14"] * 20 + ["around 1950", "31/31/1984", "2099-01-01"]
    read = column(values)
    for row, value in enumerate(values, 1):
        read.read(value, row)
    assert read.unread_by_shape == {"AAAAAA 9999": 1, "99/99/9999": 1, "9999-99-99": 1}
    assert read.first_unread == [21, 22, 23]
    assert read.read_by_form == {"year first": 20}
    assert "13.0% of its dates cannot be read" in read.problem()


@pytest.mark.parametrize(
    ("text", "year"),
    [("19121985", 1985), ("1985-12-19", 1985), ("12/19/85", 1985), ("3/4/84", 1984), ("1985-12", 1985),
     ("1604-03-14", 0),
     ("--1219", 0), ("0/0/00", 0), ("30755", 0), ("14 Mar", 0), ("", 0)],
)  # fmt: skip
def test_the_year_of_a_single_date(text: str, year: int) -> None:
    assert birth_year(text, TODAY) == year


def test_batches_give_the_same_as_one() -> None:
    profile = DateProfile(TODAY)
    for value in ("3/4/1984", "25/12/1971", ""):
        profile.add([value])
    assert profile.column().read("3/4/1984") == DateParts(1984, 4, 3)


@given(st.lists(st.text(max_size=20), max_size=20))
def test_no_text_breaks_it(values: list[str]) -> None:
    read = column(values)
    for value in values:
        read.read(value)
    read.problem()


@given(st.dates(dt.date(1911, 1, 1), dt.date(2009, 1, 1)))
def test_every_day_comes_back_from_every_whole_form(day: dt.date) -> None:
    texts = [f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day.day}-{day:%b-%Y}", f"{day:%B} {day.day}, {day.year}",
             str((day - dt.date(1899, 12, 30)).days)]  # fmt: skip
    for text in texts:
        assert column([text]).read(text) == (day.year, day.month, day.day)
    for text in (f"{day:%m/%d/%Y}", f"{day:%m%d%Y}", f"{day:%m/%d/%y}"):
        assert column([text], Order.MONTH_FIRST).read(text) == (day.year, day.month, day.day)


@pytest.mark.parametrize("text", ["99999999999999999999 Dec 1980", "December 99999999999999999999, 1980", "9" * 40])
def test_huge_numbers_are_no_dates(text: str) -> None:
    assert birth_year(text, TODAY) == 0
