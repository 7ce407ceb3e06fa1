"""The six methods as views: authentication, cost, and the response in Google's format."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from apps.core.log import get_logger

from ..models import ApiKey
from ..services import get_live_key, seconds_until_tomorrow, spend
from . import responses
from .errors import CONTENT_TYPE, CivicError, invalid_value_error
from .fields import parse_fields, select_fields
from .params import CivicParams

log = get_logger(__name__)
FORM_TYPE = "application/x-www-form-urlencoded"
NO_KEY_MESSAGE = "Method doesn't allow unregistered callers. Please use API Key to call this API."
INVALID_KEY_DETAILS = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}
UNAVAILABLE = CivicError(503, "backendError", "Try again.", headers={"Retry-After": "5"})
SERVER_ERROR = CivicError(500, "backendError", "This is an error of the server. It was logged.")
Responder = Callable[..., dict[str, Any]]


def _query(request: HttpRequest) -> QueryDict:
    """Return the parameters from the query string, or from the body of a POST that overrides a GET.

    Google's client sends long calls this way; a client that always does so keeps addresses out of logs along the way.
    """
    if request.method in {"GET", "HEAD"}:
        return request.GET
    override = request.headers.get("X-HTTP-Method-Override", "").upper()
    if request.method == "POST" and override == "GET" and request.content_type == FORM_TYPE:
        return request.POST
    raise CivicError(405, "httpMethodNotAllowed", "This method is a GET.", headers={"Allow": "GET, HEAD"})


def _submitted_key(request: HttpRequest, query: QueryDict) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return query.get("key") or request.headers.get("X-Goog-Api-Key", "") or bearer


def _require_key(submitted: str, scopes: tuple[str, ...]) -> ApiKey:
    """Return the live key; raise CivicError with Google's messages if it is missing, invalid, or lacks a scope."""
    if not submitted:
        raise CivicError(403, "forbidden", NO_KEY_MESSAGE)
    key = get_live_key(submitted)
    if key is None:
        message = "API key not valid. Please pass a valid API key."
        raise CivicError(400, "badRequest", message, details=INVALID_KEY_DETAILS)
    if missing := [scope for scope in scopes if scope not in key.scopes]:
        raise CivicError(403, "insufficientPermissions", f"This key lacks the scope {missing[0]}.")
    return key


def _charge(key: ApiKey) -> None:
    if not spend(key=key, points=1):
        message = f"The key's daily budget of {key.daily_budget} is spent."
        raise CivicError(429, "rateLimitExceeded", message, headers={"Retry-After": str(seconds_until_tomorrow())})


def civic_method(*scopes: str, own: str = "") -> Callable[[Responder], Callable[..., HttpResponse]]:
    """Return a decorator that makes a view of a responder; `own` lists its parameters besides the common ones."""
    names = frozenset(own.split())

    def decorate(responder: Responder) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(responder)
        def view(request: HttpRequest, **path: str) -> HttpResponse:
            try:
                query = _query(request)
                key = _require_key(_submitted_key(request, query), scopes)
                params, selection = CivicParams.parse(query, names), parse_fields(query.get("fields", ""))
                pretty = "prettyPrint" in query and params.boolean("prettyPrint", True)
                _charge(key)
                # Names stay in English because programs compare them.
                with translation.override("en"):
                    content = select_fields(responder(params, **path), selection)
                return HttpResponse(json.dumps(content, indent=2 if pretty else None), content_type=CONTENT_TYPE)
            except CivicError as error:
                return error.response()
            except RequestDataTooBig:
                return CivicError(413, "badRequest", "The request is too large.").response()
            except DatabaseError as error:
                return _report_error(request, error, UNAVAILABLE)
            except Exception as error:  # noqa: BLE001 - clients need every error in Google's format
                return _report_error(request, error, SERVER_ERROR)

        return view

    return decorate


def _report_error(request: HttpRequest, error: Exception, civic_error: CivicError) -> HttpResponse:
    log.error("api.raised", exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return civic_error.response()


@civic_method("districts", "officials", own="address includeOffices levels roles")
def representatives(params: CivicParams) -> dict[str, Any]:
    """Return the representatives of an address."""
    return responses.representatives_of_address(params)


@civic_method("officials", own="recursive levels roles")
def division_representatives(params: CivicParams, ocd_id: str) -> dict[str, Any]:
    """Return the representatives of a division."""
    if not ocd_id.startswith("ocd-division/") or len(ocd_id) > 200:
        raise invalid_value_error("ocdId", "it begins with ocd-division/.")
    return responses.representatives_of_division(params, ocd_id)


@civic_method("districts", own="address")
def divisions_by_address(params: CivicParams) -> dict[str, Any]:
    """Return the divisions of an address."""
    return responses.divisions_by_address(params)


@civic_method(own="query")
def divisions(params: CivicParams) -> dict[str, Any]:
    """Return the divisions that match a query."""
    return responses.search_divisions(params)


@civic_method(own="productionDataOnly")
def elections(params: CivicParams) -> dict[str, Any]:
    """Return the upcoming elections."""
    return responses.upcoming_elections_response(params)


@civic_method("districts", own="address electionId officialOnly productionDataOnly returnAllAvailableData")
def voter_info(params: CivicParams) -> dict[str, Any]:
    """Return the election of an address."""
    return responses.voter_info(params)


@csrf_exempt
def unknown_method(_request: HttpRequest, **_path: str) -> HttpResponse:
    """Return Google's error for unknown methods, including Google's batch endpoint."""
    return CivicError(404, "notFound", "There is no such method.").response()
