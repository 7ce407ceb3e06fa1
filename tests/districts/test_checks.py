"""System checks of the settings."""

from typing import Any

import pytest
from django.core.checks import run_checks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("", False),
        ("https://geocoding.geo.census.gov/geocoder/locations/onelineaddress", False),
        ("http://127.0.0.1:8000/x", False),
        ("http://geocoder.example.org/x", True),
        ("https://geocoder.example.org/x?key=1", True),
        ("on", True),
    ],
)
def test_an_unencrypted_geocoder_is_an_error(settings: Any, url: str, wrong: bool) -> None:
    settings.GEOCODER_URL = url
    assert any(each.id == "districts.E001" for each in run_checks()) is wrong
