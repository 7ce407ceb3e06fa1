"""The six methods by HTTP: who asks, what it costs, the answer in its form."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from apps.core.log import get_logger

from ..models import ApiKey
from ..services import known_key, seconds_to_tomorrow, spend
from . import responses
from .errors import JSON, CivicError, wrong_value
from .fields import selected, taken
from .params import Asked

log = get_logger(__name__)
FORM = "application/x-www-form-urlencoded"
NO_KEY = "Method doesn't allow unregistered callers. Please use API Key to call this API."
BAD_KEY = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}
Answer = Callable[..., dict[str, Any]]


def _query(request: HttpRequest) -> QueryDict:
    """Return the parameters: from the address, or from the body of a POST that stands for a GET.

    Google's own client sends a long call so; whoever sends each call so keeps addresses out of every log on the way.
    """
    if request.method in {"GET", "HEAD"}:
        return request.GET
    override = request.headers.get("X-HTTP-Method-Override", "").upper()
    if request.method == "POST" and override == "GET" and request.content_type == FORM:
        return request.POST
    raise CivicError(405, "httpMethodNotAllowed", "This method is a GET.", headers={"Allow": "GET, HEAD"})


def _presented(request: HttpRequest, query: QueryDict) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return query.get("key") or request.headers.get("X-Goog-Api-Key", "") or bearer


def _key(presented: str, scopes: tuple[str, ...]) -> ApiKey:
    """Return the live key. Raises CivicError in the words that programs know."""
    if not presented:
        raise CivicError(403, "forbidden", NO_KEY)
    key = known_key(presented)
    if key is None:
        message = "API key not valid. Please pass a valid API key."
        raise CivicError(400, "badRequest", message, details=BAD_KEY)
    if missing := [scope for scope in scopes if scope not in key.scopes]:
        raise CivicError(403, "insufficientPermissions", f"This key lacks the scope {missing[0]}.")
    return key


def _pay(key: ApiKey) -> None:
    if not spend(key=key, points=1):
        message = f"The key's {key.daily_budget} answers a day are spent."
        raise CivicError(429, "rateLimitExceeded", message, headers={"Retry-After": str(seconds_to_tomorrow())})


def method(*scopes: str, own: str = "") -> Callable[[Answer], Callable[..., HttpResponse]]:
    """Make a view of what answers a call; `own` names the parameters that it takes besides the common ones."""
    names = frozenset(own.split())

    def decorate(answer: Answer) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(answer)
        def view(request: HttpRequest, **path: str) -> HttpResponse:
            try:
                query = _query(request)
                key = _key(_presented(request, query), scopes)
                asked, wanted = Asked.of(query, names), selected(query.get("fields", ""))
                pretty = "prettyPrint" in query and asked.truth("prettyPrint", True)
                _pay(key)
                # Programs compare names, so these do not follow the caller's language.
                with translation.override("en"):
                    made = taken(answer(asked, **path), wanted)
                return HttpResponse(json.dumps(made, indent=2 if pretty else None), content_type=JSON)
            except CivicError as error:
                return error.response()
            except RequestDataTooBig:
                return CivicError(413, "badRequest", "The request is too big.").response()
            except DatabaseTrouble as error:
                return _trouble(request, error, CivicError(503, "backendError", "Try again.", headers={"Retry-After": "5"}))  # noqa: E501  # fmt: skip
            except Exception as error:  # noqa: BLE001 - whatever breaks, a program gets an error in the form it knows
                return _trouble(request, error, CivicError(500, "backendError", "This is our mistake. It was noted."))

        return view

    return decorate


def _trouble(request: HttpRequest, error: Exception, told: CivicError) -> HttpResponse:
    log.error("api.raised", exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return told.response()


@method("districts", "officials", own="address includeOffices levels roles")
def representatives(asked: Asked) -> dict[str, Any]:
    """Who represents an address."""
    return responses.representatives_of_address(asked)


@method("officials", own="recursive levels roles")
def division_representatives(asked: Asked, ocd_id: str) -> dict[str, Any]:
    """Who represents a division."""
    if not ocd_id.startswith("ocd-division/") or len(ocd_id) > 200:
        raise wrong_value("ocdId", "it begins with ocd-division/.")
    return responses.representatives_of_division(asked, ocd_id)


@method("districts", own="address")
def divisions_by_address(asked: Asked) -> dict[str, Any]:
    """The divisions of an address."""
    return responses.divisions_of_address(asked)


@method(own="query")
def divisions(asked: Asked) -> dict[str, Any]:
    """Search of divisions."""
    return responses.divisions_found(asked)


@method(own="productionDataOnly")
def elections(asked: Asked) -> dict[str, Any]:
    """The coming elections."""
    return responses.elections_coming(asked)


@method("districts", own="address electionId officialOnly productionDataOnly returnAllAvailableData")
def voter_info(asked: Asked) -> dict[str, Any]:
    """The election of an address."""
    return responses.voter_info(asked)


@csrf_exempt
def nothing(_request: HttpRequest, **_path: str) -> HttpResponse:
    """Answer in Google's form where there is no method, Google's batch of calls among them."""
    return CivicError(404, "notFound", "There is no such method.").response()
