"""System checks of the API's settings."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from apps.core.types import PassedThrough


def check_api_origins(**_: PassedThrough) -> list[CheckMessage]:
    """Return an error for each entry of API_ORIGINS that is not an origin, including `*` and `null`."""
    return [
        Error(
            f"API_ORIGINS contains {origin!r}, which is not an origin.",
            hint="Write scheme and host, such as https://partner.example.org, separated by commas.",
            id="api.E001",
        )
        for origin in settings.API_ORIGINS
        if not _is_origin(origin)
    ]


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and text == f"{parts.scheme}://{parts.netloc}"
