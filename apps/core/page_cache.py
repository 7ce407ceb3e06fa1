"""Whole public pages, kept as bytes where nginx can hand them out without asking us; gone when something is published.

A page that was made before a publication and kept after it would be wrong for as long as it is kept. So whoever
publishes first writes the new version and then empties the cache, and whoever keeps a page looks at the version
again afterwards: one of the two removes it. A server that could not be emptied is covered by the short life of a page.
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
MAKING_SECONDS = 5
WAIT_SECONDS = 0.5
LONGEST_KEY = 240  # of 250: "making:" comes before it
VERSION = "pages_published_total"


def version() -> float:
    """Return a number that grows with each publication."""
    return Metric.objects.filter(name=VERSION).values_list("value", flat=True).first() or 0.0


def published() -> None:
    """Something that public pages show has changed: forget them as soon as the caller's transaction is there to see."""
    metrics.add(VERSION)
    transaction.on_commit(caches["pages"].clear)


def key_of(host: str, language: str, path: str) -> str:
    """Return the key of a page, the same that nginx makes of a request without cookies (deploy/nginx).

    Memcached takes 250 printable signs and no space; another address becomes its hash, which nginx never asks for.
    """
    key = f"page:{host}:{language}:{path}"
    if len(key) <= LONGEST_KEY and key.isascii() and key.isprintable() and " " not in key:
        return key
    return "hashed:" + hashlib.sha256(key.encode()).hexdigest()


def fetch(key: str, make: Callable[[], bytes | None]) -> bytes | None:
    """Return a page, made at most once for many who ask; None where `make` says that it must not be kept.

    While one makes it anew the others get the last one, or wait half a second and then make it for themselves.
    """
    pages = caches["pages"]
    found: bytes | None = pages.get(key)
    if found is not None:
        return found
    if pages.add(f"making:{key}", "1", MAKING_SECONDS):
        try:
            return _made(key, make)
        finally:
            pages.delete(f"making:{key}")
    stale: bytes | None = pages.get(f"old:{key}")
    return stale if stale is not None else _waited(key) or make()


def _waited(key: str) -> bytes | None:
    pages = caches["pages"]
    end = time.monotonic() + WAIT_SECONDS
    while pages.get(f"making:{key}") and time.monotonic() < end:  # a cache that is away makes nobody wait
        time.sleep(0.02)
        found: bytes | None = pages.get(key)
        if found is not None:
            return found
    return None


def _made(key: str, make: Callable[[], bytes | None]) -> bytes | None:
    pages = caches["pages"]
    before = version()
    page = make()
    if page is None:
        return None
    # Pages that were made together do not all end together.
    pages.set(key, page, FRESH_SECONDS + random.randrange(15))
    pages.set(f"old:{key}", page, STALE_SECONDS)
    if version() != before:
        pages.delete(key)
        pages.delete(f"old:{key}")
    return page
