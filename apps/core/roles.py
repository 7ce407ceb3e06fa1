"""Roles and permissions. A user has one role; an owner may do everything, an auditor only reads the logs."""

from collections.abc import Callable
from functools import wraps

from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.core.types import PassedThrough


class Role(TextChoices):
    """The roles, in ascending order of rights."""

    MEMBER = "member", _("Member")
    STEWARD = "steward", _("Data steward")
    ORGANIZER = "organizer", _("Organizer")
    AUDITOR = "auditor", _("Auditor")
    OWNER = "owner", _("Owner")


STAFF = frozenset({Role.STEWARD, Role.ORGANIZER, Role.AUDITOR, Role.OWNER})


def role_of(user: object) -> str:
    """Return the user's role, or the empty string for anonymous users and None."""
    return str(getattr(user, "role", "")) if getattr(user, "is_authenticated", False) else ""


def is_staff(user: object) -> bool:
    """Return whether the user has any role above member."""
    return role_of(user) in STAFF


def may(user: object, *roles: str) -> bool:
    """Return whether the user has one of the roles; an owner has them all."""
    return role_of(user) in {*roles, Role.OWNER}


View = Callable[..., HttpResponse]


def require_role(*roles: str) -> Callable[[View], View]:
    """Restrict a view to these roles: 404 for other members, a redirect to sign-in for anonymous users."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: PassedThrough, **kwargs: PassedThrough) -> HttpResponse:
            if not request.user.is_authenticated:
                from django.contrib.auth.views import redirect_to_login  # imports the user model

                return redirect_to_login(request.get_full_path())
            if not may(request.user, *roles):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def require_staff(view: View) -> View:
    """Restrict a view to staff: every role above member."""
    return require_role(*STAFF)(view)
