"""Cities, states and ZIP codes."""

import pytest

from apps.matching.normalize.places import city, state, zip_code


@pytest.mark.parametrize(
    ("text", "code"),
    [("01234", 1234), ("1234", 1234), ("12345-6789", 12345), ("123456789", 12345), ("23456789", 2345),
     ("00000", 0),
     ("", 0), (" 12345 ", 12345)],
)  # fmt: skip
def test_zip_codes(text: str, code: int) -> None:
    assert zip_code(text) == code


def test_a_postal_code_with_letters_is_a_number_of_its_own() -> None:
    assert zip_code("SW1A 1AA") == zip_code("sw1a1aa") > 100_000


def test_cities_and_states() -> None:
    assert city("Ft. Wayne") == city("FORT WAYNE")
    assert city("City of St Paul") == city("Saint Paul")
    assert city("St. Mary's") == city("Saint Mary’s") == city("St Marys")
    assert city("Coeur d´Alene") == city("Coeur D'Alene")  # U+00B4
    assert [state(s) for s in ("north carolina", "n.c.", "NC", "Bavaria", "")] == [
        "NC",
        "NC",
        "NC",
        "BAVARIA",
        "",
    ]
