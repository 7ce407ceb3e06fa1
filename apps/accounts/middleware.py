"""Middleware for signed-in users: session expiry, second factor for staff, accounts with a pending deletion."""

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.core.roles import is_staff

Respond = Callable[[HttpRequest], HttpResponse]

# Pages that staff without a second factor can open: account pages to set one up, sign-out, static files.
OPEN_PREFIXES = ("/account/", "/static/", "/language/", "/livez", "/readyz")

MEMBER_MAX_SECONDS = 14 * 24 * 3600
STAFF_MAX_SECONDS = 8 * 3600
STAFF_IDLE_SECONDS = 3600
# How often a page view updates the time of last use; each update is a transaction of its own.
STAFF_UPDATE_SECONDS, MEMBER_UPDATE_SECONDS = 60, 600


class SessionExpiryMiddleware:
    """Ends a member's session 14 days after sign-in; a staff session after 8 hours, or one hour without a request."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out an expired session, and record the time of use of any other."""
        if not _is_signed_in(request):
            return self.respond(request)
        response = self._respond(request)
        if not _is_signed_in(request):
            # The next user of this browser cannot use Back to reach the pages of this one.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def _respond(self, request: HttpRequest) -> HttpResponse:
        if _is_expired(request):
            logout(request)
            return redirect(f"{reverse('account_login')}?next={request.path}")
        _record_use(request)
        return self.respond(request)


def _is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _is_expired(request: HttpRequest) -> bool:
    now, session = time.time(), request.session
    began = session.get("began", now)
    if not is_staff(request.user):
        return bool(now - began > MEMBER_MAX_SECONDS)
    return bool(now - began > STAFF_MAX_SECONDS or now - session.get("seen", now) > STAFF_IDLE_SECONDS)


def _record_use(request: HttpRequest) -> None:
    now, session = int(time.time()), request.session
    if "began" not in session:
        session["began"] = session["seen"] = now
        return
    interval = STAFF_UPDATE_SECONDS if is_staff(request.user) else MEMBER_UPDATE_SECONDS
    if now - session.get("seen", 0) >= interval:
        session["seen"] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


class SecondFactorMiddleware:
    """Redirects staff without a second factor to the page that sets one up. The demo skips this and shows a notice."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Respond, or redirect to the second-factor page."""
        if (
            not settings.DEMO
            and is_staff(request.user)
            and not request.path.startswith(OPEN_PREFIXES)
            and not is_mfa_enabled(request.user)
        ):
            return redirect("mfa_index")
        return self.respond(request)


class PendingDeletionMiddleware:
    """Members who requested deletion can do nothing but cancel it and sign out."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Respond, or redirect to the page that cancels the deletion."""
        if request.user.is_authenticated and request.user.erase_at:
            leaving = reverse("accounts:leaving")
            open_paths = (leaving, reverse("account_logout"), "/static/", "/language/", "/livez", "/readyz")
            if not request.path.startswith(open_paths):
                return redirect(leaving)
        return self.respond(request)
