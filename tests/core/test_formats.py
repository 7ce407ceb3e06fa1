"""Percentages in the form of the reader's language."""

import pytest
from django.utils import translation

from apps.core.formats import percent


@pytest.mark.parametrize(
    ("language", "share", "expected"),
    [("en", 0.523, "52.3%"), ("es", 0.523, "52.3\u00a0%"), ("en", -0.015, "-1.5%"), ("en", 0.00069, "0.1%")],
)
def test_a_share_is_a_percentage_in_the_readers_form(language: str, share: float, expected: str) -> None:
    with translation.override(language):
        assert percent(share, 1).replace(",", ".") == expected


def test_a_change_has_a_sign() -> None:
    assert percent(0.02, 0, signed=True) == "+2%"
