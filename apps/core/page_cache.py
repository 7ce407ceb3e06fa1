"""Cache whole public pages as bytes that nginx can serve, and clear them when public data changes.

A page that was rendered before a publication but stored after it would stay wrong. Therefore a publisher first
increments the version and then clears the cache, and a writer checks the version again after storing a page: one of
the two removes it. If a cache server could not be cleared, the page's short lifetime ends the error.
"""

import hashlib
import random
import time
from collections.abc import Callable

from django.core.cache import caches
from django.db import transaction

from . import metrics
from .models import Metric

FRESH_SECONDS = 60
STALE_SECONDS = 600
RENDER_LOCK_SECONDS = 5
WAIT_SECONDS = 0.5
MAX_KEY_LENGTH = 240  # memcached allows 250; "rendering:" is prepended
VERSION = "pages_published_total"


def version() -> float:
    """Return the version of the public data, which increases with each publication."""
    return Metric.objects.filter(name=VERSION).values_list("value", flat=True).first() or 0.0


def published() -> None:
    """Increment the version, and clear the cached pages when the caller's transaction commits."""
    metrics.add(VERSION)
    transaction.on_commit(caches["pages"].clear)


def key_of(host: str, language: str, path: str) -> str:
    """Return the cache key of a page, as nginx computes it for a request without cookies (deploy/nginx).

    Memcached keys are at most 250 printable characters without spaces. Other URLs are hashed; nginx never requests
    those.
    """
    key = f"page:{host}:{language}:{path}"
    if len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable() and " " not in key:
        return key
    return "hashed:" + hashlib.sha256(key.encode()).hexdigest()


def fetch(key: str, render: Callable[[], bytes | None]) -> bytes | None:
    """Return a page, rendered once for concurrent requests; None if `render` says that it must not be cached.

    While one request renders a page, the others get the previous one, or wait WAIT_SECONDS and then render it
    themselves.
    """
    pages = caches["pages"]
    cached: bytes | None = pages.get(key)
    if cached is not None:
        return cached
    if pages.add(f"rendering:{key}", "1", RENDER_LOCK_SECONDS):
        try:
            return _render(key, render)
        finally:
            pages.delete(f"rendering:{key}")
    stale: bytes | None = pages.get(f"old:{key}")
    return stale if stale is not None else _wait_for(key) or render()


def _wait_for(key: str) -> bytes | None:
    pages = caches["pages"]
    deadline = time.monotonic() + WAIT_SECONDS
    while pages.get(f"rendering:{key}") and time.monotonic() < deadline:  # ends at once if the cache is down
        time.sleep(0.02)
        page: bytes | None = pages.get(key)
        if page is not None:
            return page
    return None


def _render(key: str, render: Callable[[], bytes | None]) -> bytes | None:
    pages = caches["pages"]
    before = version()
    page = render()
    if page is None:
        return None
    # The random part keeps pages that were stored together from expiring together.
    pages.set(key, page, FRESH_SECONDS + random.randrange(15))
    pages.set(f"old:{key}", page, STALE_SECONDS)
    if version() != before:
        pages.delete(key)
        pages.delete(f"old:{key}")
    return page
