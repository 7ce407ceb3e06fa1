"""Roles above member work only behind a second factor."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.core.roles import is_staff

# What somebody without a second factor must still reach: the pages to set one up, sign out, and the static files.
OPEN_PREFIXES = ("/account/", "/static/", "/livez", "/readyz")


class RoleNeedsSecondFactor:
    """Send staff without a second factor to set one up. The demo waives it and says so on every page."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
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
