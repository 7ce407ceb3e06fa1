"""Phone numbers: as they are shown, and how several stand in one text."""

import pytest

from apps.contacts.parsing.phones import format_phone, read_phones


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+19195550101", "(919) 555-0101"),
        ("+442079460958", "+44 20 7946 0958"),
        ("5550134", "555-0134"),
        ("ext", "ext"),
    ],
)
def test_phones_are_formatted_nationally(kept: str, shown: str) -> None:
    assert format_phone(kept) == shown


@pytest.mark.parametrize(
    ("text", "numbers", "dropped"),
    [
        ("701-555-0101; 0000000000", ("+17015550101",), ("0000000000",)),
        ("1.70156E+10", (), ("1.70156E+10",)),
        ("n/a", (), ()),
        ("call me", (), ("call me",)),
    ],
)
def test_a_dropped_number_is_told(text: str, numbers: tuple[str, ...], dropped: tuple[str, ...]) -> None:
    assert read_phones(text) == (numbers, dropped)


def test_a_country_code_beside_the_number_counts() -> None:
    assert read_phones("7911123456", "44")[0] == read_phones("447911123456", "44")[0] == ("+447911123456",)
