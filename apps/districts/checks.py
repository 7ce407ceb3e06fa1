"""Checks of the district room's settings that stop the start."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from apps.core.http_client import LOOPBACK


def geocoder_is_safe(**_: Any) -> list[CheckMessage]:
    """Refuse a geocoder to which addresses would travel in the open, or whose address is no address."""
    parts = urlsplit(settings.GEOCODER_URL)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not settings.GEOCODER_URL or (safe and parts.hostname and not parts.query):
        return []
    hint = "Write https://host/path without a query, or leave it empty: then addresses stay on this machine."
    return [Error("GEOCODER_URL cannot be used.", hint=hint, id="districts.E001")]
