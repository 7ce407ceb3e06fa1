"""The contract of every page cache, and the further requirements on memcached."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.base import BaseCache

from apps.core import page_cache
from apps.core.file_cache import ShardedFileCache
from apps.core.memcached_pages import MemcachedPageCache
from tests.contracts.conftest import EMBEDDED_AND_REAL, real_url


def memcached() -> MemcachedPageCache:
    return MemcachedPageCache(real_url("CACHE_URL").removeprefix("memcached://"), {})


@pytest.fixture(params=EMBEDDED_AND_REAL)
def pages(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BaseCache]:
    made: Any = ShardedFileCache(str(tmp_path), {}) if request.param == "embedded" else memcached()
    yield made
    made.delete("a")
    made.close()


def test_a_page_comes_back_byte_for_byte(pages: BaseCache) -> None:
    page = bytes(range(256)) * 200
    pages.set("a", page, 60)
    assert pages.get("a") == page
    assert pages.get("b") is None


def test_only_one_of_many_gets_the_right_to_make_a_page(pages: BaseCache) -> None:
    assert pages.add("a", "1", 60)
    assert not pages.add("a", "1", 60)
    pages.delete("a")
    assert pages.add("a", "1", 60)


@pytest.mark.parametrize("path", ["/a b", "/ñ", "/" + "long" * 100])
def test_any_address_can_be_a_key(pages: BaseCache, path: str) -> None:
    key = page_cache.key_of("x.org", "en", path)
    for name in (key, f"rendering:{key}"):
        pages.set(name, b"x", 60)
        assert pages.get(name) == b"x"
        pages.delete(name)


def test_everything_can_be_forgotten_at_once(pages: BaseCache) -> None:
    pages.set("a", b"x", 60)
    pages.clear()
    assert pages.get("a") is None


@pytest.mark.services
def test_a_pickle_in_memcached_is_never_opened() -> None:
    """Django's own client would execute whatever another process wrote there."""
    pages = memcached()
    pages._cache.set(  # type: ignore[attr-defined] # the client itself
        "a", b"cos\nsystem\n(S'true'\ntR.", flags=1
    )
    assert pages.get("a") is None
    pages.set("a", {"a": 1})
    assert pages.get("a") is None


def test_a_memcached_that_is_away_is_a_miss_within_a_second() -> None:
    pages = MemcachedPageCache("127.0.0.1:1", {})
    began = time.monotonic()
    assert pages.get("a") is None
    pages.set("a", b"x")
    assert pages.add("a", "1") is False
    pages.clear()
    assert time.monotonic() - began < 1


def test_nginx_can_make_the_same_key() -> None:
    assert (
        page_cache.key_of("x.org:8000", "en", "/divisions/country:us/") == "page:x.org:8000:en:/divisions/country:us/"
    )
