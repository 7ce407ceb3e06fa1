"""Context that every template can use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apps.core.roles import is_staff, role_of


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's settings and the reader's role."""
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "signup_open": settings.SIGNUP_OPEN,
        "reader_role": role_of(user),
        "reader_is_staff": is_staff(user),
        "place": request.resolver_match.app_name if request.resolver_match else "",
    }
