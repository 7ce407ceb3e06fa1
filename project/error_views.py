"""Error pages; each says what was saved and what to do next."""

import errno
import sys
from contextlib import suppress

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
# The database is down, restarting or too busy: the same request may work in a moment.
DATABASE_UNAVAILABLE = (OperationalError, InterfaceError)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Respond 404; a hidden feature and another member's page look the same."""
    del exception
    return render(request, "errors/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Respond 403 with the 404 page, so that it does not reveal what exists."""
    del exception
    return render(request, "errors/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Respond 400."""
    del exception
    return render(request, "errors/bad_request.html", status=400)


def too_many(request: HttpRequest) -> HttpResponse:
    """Respond 429: a limit of allauth on sign-in, sign-up or password reset, also if its table is unavailable."""
    response = render(request, "errors/too_many.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Respond 403 to a form with an invalid CSRF token."""
    del reason
    return render(request, "errors/form_expired.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Respond 500 with the request id, 503 if the database is unavailable, 507 if the disk is full."""
    number = request.META.get("VOTEKIN_REQUEST_ID", "")
    # Rendered without the request: context processors use the session and the database, which may have failed.
    page = render_to_string("errors/server_error.html", {"number": number})
    error = sys.exc_info()[1]
    if isinstance(error, DATABASE_UNAVAILABLE):
        return HttpResponse(page, status=503, headers={"Retry-After": "5"})
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        _drop_uploads(request)
        return HttpResponse(page, status=507)
    return HttpResponse(page, status=500)


def _drop_uploads(request: HttpRequest) -> None:
    """Delete partial upload files now; Django would keep them until the request object is freed."""
    for handler in request.upload_handlers:
        with suppress(OSError):  # closing writes buffered data, which fails again
            handler.upload_interrupted()
