"""Who may do what. A person has one role; an owner may do everything, an auditor only reads the logs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The roles of an installation, from least to most."""

    MEMBER = "member", _("Member")
    STEWARD = "steward", _("Data steward")
    ORGANISER = "organiser", _("Organiser")
    AUDITOR = "auditor", _("Auditor")
    OWNER = "owner", _("Owner")


STAFF = frozenset({Role.STEWARD, Role.ORGANISER, Role.AUDITOR, Role.OWNER})


def role_of(user: Any) -> str:
    """Return the user's role; nobody's is the empty string."""
    return str(getattr(user, "role", "")) if getattr(user, "is_authenticated", False) else ""


def is_staff(user: Any) -> bool:
    """Return whether the user has any role above member."""
    return role_of(user) in STAFF


def may(user: Any, *roles: str) -> bool:
    """Return whether the user has one of the roles; an owner has them all."""
    return role_of(user) in {*roles, Role.OWNER}


View = Callable[..., HttpResponse]


def require_role(*roles: str) -> Callable[[View], View]:
    """Let a view answer these roles only. To a member it does not exist; a stranger is asked to sign in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                from django.contrib.auth.views import redirect_to_login  # needs the user model

                return redirect_to_login(request.get_full_path())
            if not may(request.user, *roles):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def require_staff(view: View) -> View:
    """Let a view answer every role above member."""
    return require_role(*STAFF)(view)
