"""Checks of the API's settings that stop the start."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error


def origins_are_origins(**_: Any) -> list[CheckMessage]:
    """Refuse what no browser ever sends as an origin, `*` and `null` included."""
    return [
        Error(
            f"API_ORIGINS holds {origin!r}, which is no origin.",
            hint="Write scheme and host, such as https://partner.example.org, with commas between.",
            id="api.E001",
        )
        for origin in settings.API_ORIGINS
        if not _is_origin(origin)
    ]


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and text == f"{parts.scheme}://{parts.netloc}"
