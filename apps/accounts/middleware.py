"""What holds for everyone signed in: sessions end, roles need a second factor, who leaves can only come back."""

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

# What somebody without a second factor must still reach: the pages to set one up, sign out, and the static files.
OPEN_PREFIXES = ("/account/", "/static/", "/language/", "/livez", "/readyz")

MEMBER_LONGEST = 14 * 24 * 3600
STAFF_LONGEST = 8 * 3600
STAFF_IDLE = 3600
# A page view writes the time at most this often: each write is a transaction of its own.
STAFF_STEP, MEMBER_STEP = 60, 600


class SessionExpiryMiddleware:
    """A session ends 14 days after sign-in; above member after 8 hours, or an hour without a page."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out whoever is over the limit, and note the time of those who are not."""
        if not _is_in(request):
            return self.respond(request)
        response = self._answer(request)
        if not _is_in(request):
            # Whoever uses this machine next finds no page of the last one by the way back.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if _is_over(request):
            logout(request)
            return redirect(f"{reverse('account_login')}?next={request.path}")
        _note(request)
        return self.respond(request)


def _is_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _is_over(request: HttpRequest) -> bool:
    now, session = time.time(), request.session
    began = session.get("began", now)
    if not is_staff(request.user):
        return bool(now - began > MEMBER_LONGEST)
    return bool(now - began > STAFF_LONGEST or now - session.get("seen", now) > STAFF_IDLE)


def _note(request: HttpRequest) -> None:
    now, session = int(time.time()), request.session
    if "began" not in session:
        session["began"] = session["seen"] = now
        return
    if now - session.get("seen", 0) >= (STAFF_STEP if is_staff(request.user) else MEMBER_STEP):
        session["seen"] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


class SecondFactorMiddleware:
    """Send staff without a second factor to set one up. The demo waives it and says so on every page."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or redirect."""
        if (
            not settings.DEMO
            and is_staff(request.user)
            and not request.path.startswith(OPEN_PREFIXES)
            and not is_mfa_enabled(request.user)
        ):
            return redirect("mfa_index")
        return self.respond(request)


class PendingDeletionMiddleware:
    """Somebody who asked to be deleted can sign in to undo it, sign out, and nothing else."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or redirect to the page where the deletion is undone."""
        if request.user.is_authenticated and request.user.erase_at:
            leaving = reverse("accounts:leaving")
            open_paths = (leaving, reverse("account_logout"), "/static/", "/language/", "/livez", "/readyz")
            if not request.path.startswith(open_paths):
                return redirect(leaving)
        return self.respond(request)
