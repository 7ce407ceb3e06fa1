"""Cleaning of single values."""

import pytest

from apps.contacts.parsing.phones import format_phone
from tests.contacts.helpers import read_bytes


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


def test_control_characters_are_dropped() -> None:
    only = read_bytes("Name,Email\nA\u202enn\x00 L\x07ee,a@example.org\n".encode()).contacts[0]
    assert only.name == "Ann L ee"
