"""Dates, phones and email addresses as entered."""

from datetime import date

import pytest

from apps.matching.errors import DateError
from apps.matching.normalize.dates import NOTHING, lenient, parse
from apps.matching.normalize.emails import mail
from apps.matching.normalize.phones import phone

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("1984-03-14", (1984, 3, 14)), ("3/14/1984", (1984, 3, 14)), ("03-14-1984", (1984, 3, 14)),
        ("3.4.1984", (1984, 3, 4)), ("14/3/1984", (1984, 3, 14)), ("19840314", (1984, 3, 14)),
        ("March 14, 1984", (1984, 3, 14)), ("14th Mar 1984", (1984, 3, 14)),
        ("14 de marzo de 1984", (1984, 3, 14)),
        ("1984-03-14T00:00:00", (1984, 3, 14)), ("1984", (1984, 0, 0)), ("1984-03", (1984, 0, 0)),
        ("Feb 29, 2000", (2000, 2, 29)), ("", (0, 0, 0)), ("  ", (0, 0, 0)),
    ],
)  # fmt: skip
def test_a_date_is_read(text: str, birth: tuple[int, int, int]) -> None:
    assert tuple(parse(text, TODAY)) == birth


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("3/4/84", "date.century"), ("4 Mar 84", "date.century"), ("2/31/1984", "date.impossible"),
        ("31/2/1984", "date.impossible"), ("1984-13-45", "date.impossible"), ("2027-01-01", "date.future"),
        ("1850-01-01", "date.too_old"), ("yesterday", "date.unreadable"), ("12", "date.unreadable"),
        ("1/2/3/4", "date.unreadable"), ("0000-00-00", "date.impossible"), ("☃", "date.unreadable"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_used_says_why(text: str, key: str) -> None:
    with pytest.raises(DateError) as caught:
        parse(text, TODAY)
    assert caught.value.key == key


def test_for_matching_an_unusable_date_counts_as_not_given() -> None:
    assert lenient("3/4/84") == NOTHING
    assert lenient("garbage", "1984") == (1984, 0, 0)
    assert lenient("1900-01-01", "") == NOTHING
    assert lenient("", "") == NOTHING


@pytest.mark.parametrize(
    ("text", "number"),
    [("(302) 555-0101", 3025550101), ("+1 302 555 0101", 3025550101), ("302.555.0101 x12", 3025550101),
     ("555-0101", 0), ("0000000000", 0), ("1111111111", 0), ("+44 20 7946 0123", 442079460123), ("", 0),
     ("call", 0)],
)  # fmt: skip
def test_phones(text: str, number: int) -> None:
    assert phone(text) == number


@pytest.mark.parametrize(
    ("text", "normal"),
    [("Ann.Lee+vote@Example.org", "ann.lee@example.org"), ("a.b.c@gmail.com", "abc@gmail.com"), ("ann@", ""),
     ("ann", ""), ("@example.org", ""), ("", ""), ("a@b", "")],
)  # fmt: skip
def test_mail_addresses(text: str, normal: str) -> None:
    assert mail(text) == normal
