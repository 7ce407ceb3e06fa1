"""Let Django's test client sign in: it uses the stored key of a session as the cookie's value, and ours differ."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.test.client import ClientMixin

from apps.accounts.sessions import SessionStore

_set_login_cookies: Any = ClientMixin._set_login_cookies  # type: ignore[attr-defined]


def _session(self: Any) -> SessionStore:
    cookie = self.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie and cookie.value:
        return SessionStore(cookie=cookie.value)
    session = SessionStore()
    session.save()
    self.cookies[settings.SESSION_COOKIE_NAME] = session.cookie
    return session


def _set_cookies(self: Any, request: HttpRequest) -> None:
    _set_login_cookies(self, request)
    self.cookies[settings.SESSION_COOKIE_NAME] = cast("SessionStore", request.session).cookie


def install() -> None:
    """Patch the test client of this process."""
    ClientMixin.session = property(_session)  # type: ignore[assignment,method-assign]
    ClientMixin._set_login_cookies = _set_cookies  # type: ignore[attr-defined]
