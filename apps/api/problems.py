"""Errors as problem JSON (RFC 9457): what is wrong, in which field, and what to do. Never repeats the input."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from apps.core.log import get_logger

from .schemas.responses import Problem

log = get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
# A batch can have 10,000 errors; the first ones suffice.
MAX_ERRORS = 20


class ProblemStatuses:
    """The error statuses of operations, for the published schema."""

    OPEN: Final[dict[int, Any]] = {304: None, **dict.fromkeys((400, 404, 422, 500, 503), Problem)}
    GET: Final[dict[int, Any]] = {**OPEN, **dict.fromkeys((401, 403, 429), Problem)}
    POST: Final[dict[int, Any]] = dict.fromkeys((400, 401, 403, 404, 413, 415, 422, 429, 500, 503), Problem)


class QuotaExceeded(HttpError):
    """A request exceeds what is left of its key's daily budget."""

    def __init__(self, points: int, budget: int, seconds: int) -> None:
        super().__init__(429, f"This request costs {points}; the key's daily budget of {budget} has less left.")
        self.seconds = seconds


def problem_response(
    status: int, detail: str, *, errors: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return an error as a response."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    body |= {"errors": errors} if errors else {}
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=headers)


def register_error_handlers(api: NinjaAPI) -> None:
    """Register handlers that turn every error of an API into a problem response."""
    handlers: dict[type[Exception], Any] = {
        ValidationError: _handle_validation_error,
        HttpError: _handle_http_error,
        RequestDataTooBig: _handle_too_big,
        DatabaseError: _handle_database_error,
        Exception: _handle_unexpected_error,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)


def _handle_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        hint = "Send a live key: Authorization: Bearer vk_…"
        return problem_response(401, hint, headers={"WWW-Authenticate": "Bearer"})
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, QuotaExceeded) else None
    return problem_response(error.status_code, str(error), headers=headers)


def _handle_validation_error(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": _field(item), "message": _message(item)} for item in error.errors[:MAX_ERRORS]]
    too_many = any(item["type"] == "too_long" for item in error.errors)
    first = errors[0]
    detail = f"{first['field']}: {first['message']}" if first["field"] else first["message"]
    return problem_response(413 if too_many else 422, detail, errors=errors)


def _field(error: dict[str, Any]) -> str:
    """Return the field of an error, like `lat[17]`, without the prefix that Ninja adds."""
    source, *path = error["loc"]
    if source == "body":
        path = path[1:]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _message(error: dict[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] in {"less_than_equal", "greater_than_equal"} and "lat" in error["loc"]:
        return f"{message}. A latitude is between -90 and 90: are lon and lat swapped?"
    return message


def _handle_too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return problem_response(413, "The body is too large; send it in parts.")


def _handle_database_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return 503: without the database no budget can be charged."""
    _report(request, error)
    return problem_response(503, "The service is temporarily unavailable. Try again.", headers={"Retry-After": "5"})


def _handle_unexpected_error(request: HttpRequest, error: Exception) -> HttpResponse:
    _report(request, error)
    request_id = request.META.get("VOTEKIN_REQUEST_ID", "")
    return problem_response(500, f"This is an error of the server. It was logged under the number {request_id}.")


def _report(request: HttpRequest, error: Exception) -> None:
    log.error("api.raised", exc_info=error)
    got_request_exception.send(sender=None, request=request)
