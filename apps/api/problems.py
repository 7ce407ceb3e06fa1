"""Errors as problem JSON (RFC 9457): what is wrong, in which field, what to do. Never what was sent."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from apps.core.log import get_logger

from .schemas.responses import Problem

log = get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
# A batch may be wrong in 10,000 places; the first ones teach enough.
MOST_ERRORS = 20


class Problems:
    """Which statuses an operation may answer with beside 200, for its entry in the published schema."""

    OPEN: Final[dict[int, Any]] = {304: None, **dict.fromkeys((400, 404, 422, 500, 503), Problem)}
    GOT: Final[dict[int, Any]] = {**OPEN, **dict.fromkeys((401, 403, 429), Problem)}
    POSTED: Final[dict[int, Any]] = dict.fromkeys((400, 401, 403, 404, 413, 415, 422, 429, 500, 503), Problem)


class QuotaExceeded(HttpError):
    """Today's budget of a key does not hold what was asked."""

    def __init__(self, points: int, budget: int, seconds: int) -> None:
        super().__init__(429, f"This asks for {points}; less than that is left of the key's {budget} a day.")
        self.seconds = seconds


def problem(
    status: int, detail: str, *, errors: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return an error as an answer."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    body |= {"errors": errors} if errors else {}
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=headers)


def install(api: NinjaAPI) -> None:
    """Make every error of an API a problem."""
    handlers: dict[type[Exception], Any] = {
        ValidationError: _invalid,
        HttpError: _http,
        RequestDataTooBig: _too_big,
        DatabaseTrouble: _no_database,
        Exception: _trouble,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)


def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        hint = "Send a live key: Authorization: Bearer vk_…"
        return problem(401, hint, headers={"WWW-Authenticate": "Bearer"})
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, QuotaExceeded) else None
    return problem(error.status_code, str(error), headers=headers)


def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": _field(each), "message": _message(each)} for each in error.errors[:MOST_ERRORS]]
    too_many = any(each["type"] == "too_long" for each in error.errors)
    first = errors[0]
    detail = f"{first['field']}: {first['message']}" if first["field"] else first["message"]
    return problem(413 if too_many else 422, detail, errors=errors)


def _field(error: dict[str, Any]) -> str:
    """Return `lat[17]` for the place of an error; the parts before are ninja's own."""
    source, *places = error["loc"]
    if source == "body":
        places = places[1:]
    return "".join(f"[{place}]" if isinstance(place, int) else f".{place}" for place in places).lstrip(".")


def _message(error: dict[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] in {"less_than_equal", "greater_than_equal"} and "lat" in error["loc"]:
        return f"{message}. A latitude lies between -90 and 90: are lon and lat swapped?"
    return message


def _too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "The body is too big; send it in parts.")


def _no_database(request: HttpRequest, error: Exception) -> HttpResponse:
    """Without its budget nothing is answered."""
    _tell(request, error)
    return problem(503, "The service cannot answer now. Try again.", headers={"Retry-After": "5"})


def _trouble(request: HttpRequest, error: Exception) -> HttpResponse:
    _tell(request, error)
    number = request.META.get("VOTEKIN_REQUEST_ID", "")
    return problem(500, f"This is our mistake. It was noted under the number {number}.")


def _tell(request: HttpRequest, error: Exception) -> None:
    log.error("api.raised", exc_info=error)
    got_request_exception.send(sender=None, request=request)
