"""Meaning of headers in four languages."""

import pytest

from apps.contacts.parsing.headers import HeaderMeaning, group_rank, header_meaning, header_meanings, headers_key


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("E-mail 1 - Value", HeaderMeaning("email", "1")),
        ("Home Street", HeaderMeaning("street", "home")),
        ("Home Street 2", HeaderMeaning("street2", "home")),
        ("Código postal", HeaderMeaning("zip")),
        ("Straße", HeaderMeaning("street")),
        ("Notes", HeaderMeaning()),
    ],
)
def test_headers_are_understood_alone(header: str, meaning: HeaderMeaning) -> None:
    assert header_meaning(header) == meaning


def test_a_name_column_is_read_in_context() -> None:
    assert [meaning.field for meaning in header_meanings(["Name", "Email"])] == ["full", "email"]
    assert [meaning.field for meaning in header_meanings(["Name", "Vorname"])] == ["last", "first"]


def test_a_home_street_joins_plain_city_and_zip() -> None:
    assert {meaning.group for meaning in header_meanings(["Home address", "City", "ZIP"])} == {""}


def test_home_addresses_come_first() -> None:
    assert sorted(["work", "2", "home", "10", ""], key=group_rank) == ["home", "", "2", "10", "work"]
    assert headers_key(["E-Mail", "Name"]) == headers_key(["e mail", "NAME"])
