"""System checks of the API's settings."""

from typing import Any

import pytest
from django.core.checks import run_checks

from tests.api.conftest import PARTNER


@pytest.mark.parametrize(
    "origin", ["*", "null", "partner.example.org", f"{PARTNER}/", f"{PARTNER}/x", "ftp://x", "https://"]
)
def test_an_invalid_origin_is_an_error(settings: Any, origin: str) -> None:
    settings.API_ORIGINS = [PARTNER, origin]
    (error,) = [each for each in run_checks() if each.id == "api.E001"]
    assert "API_ORIGINS" in error.msg
