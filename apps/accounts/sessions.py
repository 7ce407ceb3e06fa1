"""Store sessions in the database under a keyed hash of the cookie's value.

A copy of the database or of a backup thus contains no usable cookie. `session_key` is the hash everywhere in the code
and in allauth's list of sessions; only SessionCookieMiddleware sees the cookie's value. The key derives from
SECRET_KEY, so a new SECRET_KEY ends all sessions.
"""

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

# The column holds 40 characters: 160 bits.
STORED_LENGTH = 40


def stored_key(cookie: str) -> str:
    """Return the key under which the session of a cookie is stored, in hexadecimal."""
    return salted_hmac("votekin.session", cookie, algorithm="sha256").hexdigest()[:STORED_LENGTH]


class SessionStore(DatabaseSessionStore):
    """A session by its stored key. `cookie` is the value for the browser, if known."""

    def __init__(self, session_key: str | None = None, *, cookie: str | None = None) -> None:
        super().__init__(stored_key(cookie) if cookie else session_key)
        self.cookie = cookie

    def _get_new_session_key(self) -> str:
        self.cookie = super()._get_new_session_key()  # type: ignore[misc] # missing in the stubs
        return stored_key(self.cookie)


class SessionCookieMiddleware(SessionMiddleware):
    """Reads and writes the cookie's value, where Django would use the stored key."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session of the cookie."""
        request.session = SessionStore(cookie=request.COOKIES.get(settings.SESSION_COOKIE_NAME))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> Any:
        """Save the session, and send the cookie's value instead of the stored key."""
        session: SessionStore = request.session  # type: ignore[assignment] # process_request opened it
        response = super().process_response(request, response)
        sent = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if sent is not None and sent.value:
            response.cookies[settings.SESSION_COOKIE_NAME] = str(session.cookie)  # keeps the cookie's attributes
        return response
