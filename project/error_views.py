"""Pages for what went wrong: each says what is kept and what to do next."""

import errno
import sys
from contextlib import suppress

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
# The database is away, starts again, or was too busy to answer in time: the same request may work in a moment.
DATABASE_AWAY = (OperationalError, InterfaceError)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; a hidden feature and somebody else's page look the same."""
    del exception
    return render(request, "errors/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 reads like 404: it does not tell what exists."""
    del exception
    return render(request, "errors/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    del exception
    return render(request, "errors/bad_request.html", status=400)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: allauth's limits on sign-in, sign-up and reset; also where their table does not answer."""
    response = render(request, "errors/too_many.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from another site."""
    del reason
    return render(request, "errors/form_expired.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a number to quote, and nothing that could fail again. 503: the database is away. 507: no disk is left."""
    number = request.META.get("VOTEKIN_REQUEST_ID", "")
    # Without the request: its context asks the session and the database, which may be what failed.
    page = render_to_string("errors/server_error.html", {"number": number})
    error = sys.exc_info()[1]
    if isinstance(error, DATABASE_AWAY):
        return HttpResponse(page, status=503, headers={"Retry-After": "5"})
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        _drop_uploads(request)
        return HttpResponse(page, status=507)
    return HttpResponse(page, status=500)


def _drop_uploads(request: HttpRequest) -> None:
    """Take away the part of a file that had room: Django leaves it until nothing refers to the request any more."""
    for handler in request.upload_handlers:
        with suppress(OSError):  # closing writes what is left, and fails once more
            handler.upload_interrupted()
