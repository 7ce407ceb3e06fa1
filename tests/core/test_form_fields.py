"""Form fields: accepted values, and the errors for rejected ones."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from apps.core.form_fields import BirthDate, BirthDateField, PhoneField, ZipField, month_number, split_date


@pytest.fixture(autouse=True, scope="module")
def _in_2026() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 9, 14, 12, tzinfo=dt.UTC), tick=False):
        yield


class Form(forms.Form):
    born = BirthDateField()


def asked(month: str, day: str, year: str) -> Form:
    return Form({"born_month": month, "born_day": day, "born_year": year})


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        (("3", "11", "1984"), BirthDate(1984, 3, 11)),
        (("March", "11", "1984"), BirthDate(1984, 3, 11)),
        (("mar.", "11th", "1984"), BirthDate(1984, 3, 11)),
        (("marzo", "1", "1984"), BirthDate(1984, 3, 1)),
        ((" 03 ", " 01 ", " 1984 "), BirthDate(1984, 3, 1)),
        (("", "", "1984"), BirthDate(1984)),
        (("Sept", "", "1984"), BirthDate(1984, 9)),
        (("2", "29", "2000"), BirthDate(2000, 2, 29)),
        (("3/11/1984", "", ""), BirthDate(1984, 3, 11)),
        (("1984-03-11", "", ""), BirthDate(1984, 3, 11)),
        (("March 11, 1984", "", ""), BirthDate(1984, 3, 11)),
        (("11 de marzo de 1984", "", ""), BirthDate(1984, 3, 11)),
    ],
)
def test_takes_what_people_type(typed: tuple[str, str, str], born: BirthDate) -> None:
    form = asked(*typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == born


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("3", "11", "84"), "“84” could be 1884 or 1984. Type all four digits."),
        (("3", "11", "05"), "“05” could be 1905 or 2005. Type all four digits."),
        (("3", "11", ""), "Add the year, with four digits."),
        (("", "", ""), "Type the year you were born, with four digits."),
        (("3", "11", "198"), "The birth date needs a year with four digits."),
        (("3", "11", "2031"), "2031 is still to come. Check the year."),
        (("3", "11", "1884"), "1884 is more than 120 years ago. Check the year."),
        (("13", "1", "1984"), "“13” is not a month we know. Type a number from 1 to 12, or the name."),
        (("foo", "1", "1984"), "“foo” is not a month we know. Type a number from 1 to 12, or the name."),
        (("3", "32", "1984"), "“32” is not a day. Type a number from 1 to 31."),
        (("", "11", "1984"), "Add the month, or leave the day empty too."),
        (("2", "29", "1985"), "That month had 28 days in 1985. Check the day."),
        (("10", "1", "2026"), "This date is still to come. Check month and day."),
    ],
)
def test_says_what_to_change(typed: tuple[str, str, str], words: str) -> None:
    form = asked(*typed)
    assert not form.is_valid()
    assert form.errors["born"] == [words]


def test_keeps_entered_values() -> None:
    html = str(asked("March", "eleven", "1984"))
    assert 'value="March"' in html
    assert 'value="eleven"' in html
    assert 'aria-invalid="true"' in html


def test_can_ask_for_the_whole_date() -> None:
    class Whole(forms.Form):
        born = BirthDateField(day_required=True)

    form = Whole({"born_month": "3", "born_day": "", "born_year": "1984"})
    assert form.errors["born"] == ["Add the month and the day."]


def test_optional_and_empty_is_none() -> None:
    assert BirthDateField(required=False).clean(["", "", ""]) is None


def test_shows_a_stored_date_again() -> None:
    html = str(Form(initial={"born": BirthDate(1984, 3)}))
    assert 'value="1984"' in html
    assert 'value="3"' in html


@given(st.dates(dt.date(1910, 1, 1), dt.date(2026, 9, 1)))
def test_every_day_of_a_lifetime_survives(day: dt.date) -> None:
    field = BirthDateField()
    for month in (str(day.month), day.strftime("%B"), day.strftime("%b")):
        born = field.clean([month, str(day.day), str(day.year)])
        assert born is not None
        assert born.full == day


@given(st.text(max_size=12))
def test_no_text_breaks_the_field(text: str) -> None:
    for typed in ((text, "1", "1984"), ("1", text, "1984"), ("1", "1", text)):
        form = asked(*typed)
        assert form.is_valid() or form.errors["born"][0]


def test_a_birth_date_is_written_as_far_as_it_is_known() -> None:
    written = [str(each) for each in (BirthDate(1984), BirthDate(1984, 3), BirthDate(1984, 3, 1))]
    assert written == ["1984", "1984-03", "1984-03-01"]


@pytest.mark.parametrize(("word", "number"), [("ma", None), ("juni", 6), ("mayhem", None), ("0", None), ("²", None)])
def test_a_month_is_no_guess(word: str, number: int | None) -> None:
    assert month_number(word) == number


def test_a_whole_date_has_three_parts() -> None:
    assert split_date("March 1984") is None


@pytest.mark.parametrize("typed", ["00417", "00417-1234", "004171234", " 00417 ", "00 417"])
def test_zip_takes_its_long_form(typed: str) -> None:
    assert ZipField().clean(typed) == "00417"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0041", "A ZIP code has five digits. You typed 4."),
        ("K1A 0B1", "A ZIP code has only digits, five of them."),
        ("٠٠٤١٧", "A ZIP code has only digits, five of them."),
    ],
)
def test_zip_says_what_is_wrong(typed: str, words: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        ZipField().clean(typed)
    assert wrong.value.messages == [words]


@pytest.mark.parametrize("typed", ["202-555-0117", "(202) 555 0117", "+1 202.555.0117", "12025550117"])
def test_phone_takes_any_form(typed: str) -> None:
    assert PhoneField().clean(typed) == "+12025550117"


def test_phone_asks_for_the_area_code() -> None:
    with pytest.raises(ValidationError) as wrong:
        PhoneField().clean("555-01")
    assert wrong.value.messages == ["Type the number with its area code, like 202-555-0117."]
