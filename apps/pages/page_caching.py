"""Public pages, the same for everybody, kept whole in the page cache.

A kept page is made from a request that holds nothing of anybody: no cookies, no session, no member, no query, no
address of a visitor. What is not there cannot get in; and a page that still asks for a session, a form's token or a
cookie is answered, and not kept.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django_htmx.middleware import HtmxDetails

from apps.core import page_cache
from apps.core.log import get_logger

log = get_logger(__name__)
View = Callable[..., HttpResponse]
KEPT_META = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme", "REQUEST_METHOD", "PATH_INFO", "SCRIPT_NAME")


class NothingPersonal(Exception):
    """A page that should be the same for everybody asked for something of its reader."""


class _NoSession:
    """Stands where a session would: whoever reads or writes it is not a public page."""

    def __getattr__(self, name: str) -> Any:
        raise NothingPersonal(name)

    def __getitem__(self, name: str) -> Any:
        raise NothingPersonal(name)

    def __setitem__(self, name: str, value: object) -> None:
        raise NothingPersonal(name)

    def __contains__(self, name: object) -> bool:
        raise NothingPersonal(str(name))


def public_page(view: View) -> View:
    """Keep a view's page for readers without a session; every other request goes to the view itself."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "GET" or request.GET or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        key = page_cache.key_of(request.get_host(), get_language() or "", request.get_full_path())
        page = page_cache.fetch(key, lambda: _page(view, request, args, kwargs))
        if page is None:
            return view(request, *args, **kwargs)
        # A browser asks each time: its reader may have signed in meanwhile.
        headers = {"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"}
        return HttpResponse(page, headers=headers)

    return answer


def stranger_of(request: HttpRequest) -> HttpRequest:
    """Return a request for the same page by nobody in particular."""
    nobody = HttpRequest()
    nobody.method, nobody.path, nobody.path_info = "GET", request.path, request.path_info
    nobody.META = {name: request.META[name] for name in KEPT_META if name in request.META}
    nobody.resolver_match = request.resolver_match
    nobody.user = AnonymousUser()
    nobody.session = _NoSession()  # type: ignore[assignment]
    nobody.htmx = HtmxDetails(nobody)  # type: ignore[attr-defined]
    nobody.LANGUAGE_CODE = get_language()
    return nobody


def _page(view: View, request: HttpRequest, args: Any, kwargs: Any) -> bytes | None:
    nobody = stranger_of(request)
    try:
        response = view(nobody, *args, **kwargs)
    except NothingPersonal as error:
        log.warning("page.not_public", name=str(error))
        return None
    if response.status_code != 200 or response.cookies or "CSRF_COOKIE" in nobody.META:
        return None
    return bytes(response.content)
