"""System checks of the settings of apps.districts."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from apps.core.http_client import LOOPBACK
from apps.core.types import PassedThrough


def check_geocoder_url(**_: PassedThrough) -> list[CheckMessage]:
    """Return an error for a geocoder URL that is invalid or would send addresses unencrypted."""
    parts = urlsplit(settings.GEOCODER_URL)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not settings.GEOCODER_URL or (safe and parts.hostname and not parts.query):
        return []
    hint = "Write https://host/path without a query, or leave it empty to keep addresses on this machine."
    return [Error("GEOCODER_URL cannot be used.", hint=hint, id="districts.E001")]
