"""nginx serves cached pages by itself: the right one, to the right readers, with the application's own headers."""

import gzip
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client

from apps.core import page_cache
from apps.core.memcached_pages import MemcachedPageCache
from tests.contracts.conftest import real_url

pytestmark = [pytest.mark.services, pytest.mark.django_db]
PATH = "/kept-by-a-test/"
BAD_GATEWAY = 502  # nothing listens at the application's address, so a 502 shows that nginx forwarded the request


@pytest.fixture
def host() -> Iterator[str]:
    address = real_url("NGINX_URL").removeprefix("http://")
    pages = MemcachedPageCache(real_url("CACHE_URL").removeprefix("memcached://"), {})
    pages.set(page_cache.key_of(address, "en", PATH), b"kept in English", 60)
    pages.set(page_cache.key_of(address, "es", PATH), "guardado en español".encode(), 60)
    yield address
    for language in ("en", "es"):
        pages.delete(page_cache.key_of(address, language, PATH))


def ask(host: str, path: str = PATH, *, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://{host}{path}", method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, "", {}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "kept in English"),
        ({"Accept_Language": "en-US,en;q=0.9"}, "kept in English"),
        ({"Accept_Language": "es-MX,es;q=0.9,en;q=0.8"}, "guardado en español"),
        ({"Accept_Language": "en", "Cookie": "django_language=es"}, "guardado en español"),
        ({"Cookie": "a=b; django_language=en"}, "kept in English"),
    ],
)
def test_a_cached_page_goes_to_visitors_in_their_language(host: str, headers: dict[str, str], expected: str) -> None:
    assert ask(host, **headers)[:2] == (200, expected)


def test_a_page_is_sent_compressed_to_browsers_and_uncompressed_to_others(host: str) -> None:
    page = b"<p>who represents you</p>" * 200
    pages = MemcachedPageCache(real_url("CACHE_URL").removeprefix("memcached://"), {})
    pages.set(page_cache.key_of(host, "en", PATH), page, 60)
    assert ask(host)[1].encode() == page
    request = urllib.request.Request(f"http://{host}{PATH}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        pressed = answer.read()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(pressed) < len(page) / 4
    assert gzip.decompress(pressed) == page


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        (PATH, "GET", {"Cookie": f"{settings.SESSION_COOKIE_NAME}=abc"}),
        (PATH, "GET", {"Cookie": "a=b; __Host-sessionid=abc"}),
        (PATH, "POST", {}),
        (f"{PATH}?q=4+Elm+Street", "GET", {}),
        (PATH, "GET", {"Accept_Language": "fr,es;q=0.5"}),
        (PATH, "GET", {"Cookie": "django_language=xx", "Accept_Language": "fr"}),
        (PATH, "GET", {"Host": "elsewhere.example.org"}),
        ("/not-kept/", "GET", {}),
    ],
)
def test_everything_else_goes_to_the_application(host: str, path: str, method: str, headers: dict[str, str]) -> None:
    assert ask(host, path, method=method, **headers)[0] == BAD_GATEWAY


def test_a_cached_page_has_the_applications_headers(host: str) -> None:
    from_nginx = ask(host)[2]
    caches["pages"].clear()
    from_us = Client().get("/help/").headers
    names = {name for name in from_us if name not in {"X-Request-Id", "Content-Length", "Content-Language", "Vary"}}

    def parts(value: str) -> set[str]:
        return {part.strip() for part in value.split(";")}

    assert {name: parts(from_nginx.get(name, "")) for name in names} == {name: parts(from_us[name]) for name in names}
    assert from_nginx["Vary"] == "Accept-Encoding, Cookie, Accept-Language"
