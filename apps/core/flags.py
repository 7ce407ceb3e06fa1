"""Feature flags: an unknown flag is off, and the URL of a hidden feature answers 404."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from waffle import flag_is_active, get_waffle_flag_model

from apps.core.types import PassedThrough

View = Callable[..., HttpResponse]


def is_on(request: HttpRequest, name: str) -> bool:
    """Return whether the flag is on for this request's user. An unknown flag is off."""
    return bool(flag_is_active(request, name))


def is_preview(request: HttpRequest, name: str) -> bool:
    """Return whether this user sees the feature while others do not; the page then shows a ribbon."""
    return is_on(request, name) and not get_waffle_flag_model().get(name).everyone


def require_flag(name: str) -> Callable[[View], View]:
    """Decorate a view to answer 404 unless the flag is on for the user."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: PassedThrough, **kwargs: PassedThrough) -> HttpResponse:
            if not is_on(request, name):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
