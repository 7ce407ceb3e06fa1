"""Caching of public pages: whole, equal for everyone, without reader data."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.accounts.models import User
from apps.core import page_cache
from apps.pages.page_caching import public_page

pytestmark = pytest.mark.django_db
PAGES = ["home", "help", "privacy", "terms", "accessibility", "sources"]


@pytest.fixture(autouse=True)
def _empty() -> None:
    caches["pages"].clear()


def kept(name: str, language: str = "en") -> bytes | None:
    page: bytes | None = caches["pages"].get(page_cache.key_of("testserver", language, reverse(f"pages:{name}")))
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_is_cached_as_shown(name: str) -> None:
    shown = Client().get(reverse(f"pages:{name}"))
    assert shown.status_code == 200
    assert kept(name) == shown.content
    assert not shown.cookies


@pytest.mark.parametrize("name", PAGES)
def test_members_neither_read_nor_fill_the_cache(name: str, member: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(member)
    own = client.get(reverse(f"pages:{name}"))
    assert kept(name) is None
    assert own.headers["Cache-Control"] == "no-store, private"
    Client().get(reverse(f"pages:{name}"))
    for_strangers = reverse("account_login").encode()
    assert for_strangers in (kept(name) or b"")
    assert for_strangers not in own.content
    assert for_strangers not in client.get(reverse(f"pages:{name}")).content


def test_each_language_is_cached_separately() -> None:
    spanish = Client(headers={"Accept-Language": "es"}).get(reverse("pages:help"))
    english = Client().get(reverse("pages:help"))
    assert (kept("help", "es"), kept("help", "en")) == (spanish.content, english.content)
    assert spanish.content != english.content


def test_a_page_with_a_query_is_not_cached() -> None:
    Client().get(reverse("pages:help"), {"q": "4 Elm Street"})
    assert kept("help") is None


@pytest.mark.parametrize(
    "peek",
    [
        lambda request: request.session.get("x"),
        lambda request: request.session.__setitem__("x", 1),
        lambda request: "x" in request.session,
    ],
)
def test_a_page_that_accesses_its_reader_is_not_cached(peek: Callable[[HttpRequest], Any]) -> None:
    @public_page
    def nosy(request: HttpRequest) -> HttpResponse:
        peek(request)
        return HttpResponse(b"hello Nora")

    request = RequestFactory().get("/nosy/")
    request.session = {}  # type: ignore[assignment]
    assert nosy(request).content == b"hello Nora"
    assert caches["pages"].get(page_cache.key_of("testserver", "en", "/nosy/")) is None


def test_request_data_is_absent_while_rendering() -> None:
    seen: list[dict[str, Any]] = []

    @public_page
    def curious(request: HttpRequest) -> HttpResponse:
        seen.append({**request.META, **request.COOKIES, **request.GET, "user": request.user})
        return HttpResponse(b"x")

    curious(RequestFactory().get("/c/", headers={"User-Agent": "mine"}, REMOTE_ADDR="198.51.100.7"))
    assert "mine" not in str(seen)
    assert "198.51.100.7" not in str(seen)
    assert seen[0]["user"].is_anonymous


def test_a_publication_clears_the_cache(django_capture_on_commit_callbacks: Any) -> None:
    Client().get(reverse("pages:help"))
    with django_capture_on_commit_callbacks(execute=True):
        page_cache.published()
    assert kept("help") is None


def test_a_page_rendered_during_a_publication_is_not_cached() -> None:
    def made_too_early() -> bytes:
        page_cache.published()
        return b"yesterday"

    assert page_cache.fetch("page:x", made_too_early) == b"yesterday"
    assert caches["pages"].get("page:x") is None
    assert caches["pages"].get("old:page:x") is None


def test_concurrent_readers_get_the_previous_page() -> None:
    inside: list[bytes | None] = []

    def slow() -> bytes:
        inside.append(page_cache.fetch("page:y", lambda: pytest.fail("made twice")))
        return b"new"

    caches["pages"].set("old:page:y", b"last")
    assert page_cache.fetch("page:y", slow) == b"new"
    assert inside == [b"last"]
