"""Street names are normalized to one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.districts.addresses.streets import house_number, street


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("North Main Street", "n main st"),
        ("N. Main St.", "n main st"),
        ("Main Street NW", "main st nw"),
        ("North Street", "north st"),
        ("Saint Mary's Avenue", "stmarys ave"),
        ("Fifth Avenue", "5 ave"),
        ("5th Ave", "5 ave"),
        ("State Highway 7", "#7 state"),
        ("Avenue B", "ave*b"),
        ("Martin Luther King Jr Boulevard", "mlk blvd"),
        ("Calle de la Peña", "delapena calle"),
        ("Street", "st"),
        ("", ""),
    ],
)
def test_streets_have_one_spelling(text: str, key: str) -> None:
    assert street(text).key == key


@given(st.text(max_size=30))
def test_normalization_is_idempotent_and_never_raises(text: str) -> None:
    house_number(text)
    street(text)
