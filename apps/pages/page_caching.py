"""Caches public pages that are the same for everyone.

A cached page is rendered from a request without cookies, session, member, query or client address, so that nothing
personal can enter it. A page that still asks for a session, a CSRF token or a cookie is served, but not cached.
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
from apps.core.types import PassedThrough

log = get_logger(__name__)
View = Callable[..., HttpResponse]
PUBLIC_META = (
    "SERVER_NAME",
    "SERVER_PORT",
    "HTTP_HOST",
    "wsgi.url_scheme",
    "REQUEST_METHOD",
    "PATH_INFO",
    "SCRIPT_NAME",
)


class PersonalDataAccess(Exception):
    """Signal that a public page accessed data of its reader."""


class _ForbiddenSession:
    """Replace the session; any access to it means that the page is not public."""

    def __getattr__(self, name: str) -> Any:
        raise PersonalDataAccess(name)

    def __getitem__(self, name: str) -> Any:
        raise PersonalDataAccess(name)

    def __setitem__(self, name: str, value: object) -> None:
        raise PersonalDataAccess(name)

    def __contains__(self, name: object) -> bool:
        raise PersonalDataAccess(str(name))


def public_page(view: View) -> View:
    """Cache a view's page for readers without a session; pass every other request to the view."""

    @wraps(view)
    def answer(request: HttpRequest, *args: PassedThrough, **kwargs: PassedThrough) -> HttpResponse:
        if request.method != "GET" or request.GET or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        key = page_cache.key_of(request.get_host(), get_language() or "", request.get_full_path())
        page = page_cache.fetch(key, lambda: _render_public(view, request, args, kwargs))
        if page is None:
            return view(request, *args, **kwargs)
        # The browser revalidates each time, because its reader may have signed in.
        headers = {"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"}
        return HttpResponse(page, headers=headers)

    return answer


def anonymous_request(request: HttpRequest) -> HttpRequest:
    """Return a request for the same page without any data of its reader."""
    anonymous = HttpRequest()
    anonymous.method, anonymous.path, anonymous.path_info = "GET", request.path, request.path_info
    anonymous.META = {name: request.META[name] for name in PUBLIC_META if name in request.META}
    anonymous.resolver_match = request.resolver_match
    anonymous.user = AnonymousUser()
    anonymous.session = _ForbiddenSession()  # type: ignore[assignment]
    anonymous.htmx = HtmxDetails(anonymous)  # type: ignore[attr-defined]
    anonymous.LANGUAGE_CODE = get_language()
    return anonymous


def _render_public(view: View, request: HttpRequest, args: Any, kwargs: Any) -> bytes | None:
    anonymous = anonymous_request(request)
    try:
        response = view(anonymous, *args, **kwargs)
    except PersonalDataAccess as error:
        log.warning("page.not_public", name=str(error))
        return None
    if response.status_code != 200 or response.cookies or "CSRF_COOKIE" in anonymous.META:
        return None
    return bytes(response.content)
