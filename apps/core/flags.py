"""One helper for every flag: an unknown flag is off, and a hidden feature's address does not answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from waffle import flag_is_active, get_waffle_flag_model

from .roles import is_staff

View = Callable[..., HttpResponse]


def is_on(request: HttpRequest, name: str) -> bool:
    """Return whether `name` is on for this request's user. "Staff" in a flag means any role above member."""
    flag = get_waffle_flag_model().get(name)
    if not flag.pk:
        return False
    if flag.everyone is None and flag.staff and is_staff(request.user):
        return True
    return bool(flag_is_active(request, name))


def is_preview(request: HttpRequest, name: str) -> bool:
    """Return whether the feature is shown to this user while others do not see it (the ribbon)."""
    return is_on(request, name) and not get_waffle_flag_model().get(name).everyone


def require_flag(name: str) -> Callable[[View], View]:
    """Answer 404 unless the flag is on for the user, before anything else is looked at."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_on(request, name):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
