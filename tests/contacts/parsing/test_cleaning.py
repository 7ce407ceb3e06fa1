"""Cleaning of single values."""

import pytest

from apps.contacts.parsing.cleaning import clean_place, state_code
from tests.contacts.helpers import read_bytes


def test_control_characters_are_dropped() -> None:
    only = read_bytes("Name,Email\nA\u202enn\x00 L\x07ee,a@example.org\n".encode()).contacts[0]
    assert only.name == "Ann L ee"


def test_a_foreign_postal_code_gets_no_zeros() -> None:
    assert clean_place(city="Wien", zip_text="1010", country="Austria").zip == "1010"
    assert clean_place(city="Tarn", zip_text="205", country="USA").zip == "00205"


@pytest.mark.parametrize(("text", "code"), [("H.D.", "HD"), ("halden", "HD"), ("hd", "HD"), ("Ontario", "Ontario")])
def test_states_become_codes(text: str, code: str) -> None:
    assert state_code(text) == code
