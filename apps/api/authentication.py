"""Authenticate requests by an API key in a header, check its scope, and charge its budget."""

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from .models import ApiKey
from .problems import QuotaExceeded
from .services import get_live_key, seconds_until_tomorrow, spend


class ApiKeyAuth(HttpBearer):
    """Authenticates live keys of one scope. Ignores cookies, so that no other site can act through a browser."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiKey | None:
        """Return the key of the Authorization header, read from META because `request.headers` parses every header."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return self.authenticate(request, token) if scheme.lower() == self.openapi_scheme else None

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """Return the key; None, on which Ninja responds with 401; raise HttpError for a wrong scope or body."""
        key = get_live_key(token)
        if key is None:
            return None
        if self.scope not in key.scopes:
            raise HttpError(403, f"This key lacks the scope {self.scope}.")
        if request.method == "POST":
            _require_json_body(request)
        return key


def _require_json_body(request: HttpRequest) -> None:
    """Refuse query strings, which are logged along the way: places are accepted in JSON bodies only."""
    if request.META.get("QUERY_STRING"):
        raise HttpError(400, "Send everything in the JSON body, nothing in the URL after '?'.")
    if request.content_type != "application/json":
        raise HttpError(415, "Send the body as Content-Type: application/json.")


def charge(request: HttpRequest, points: int = 1) -> None:
    """Charge the request's key before the work is done; raise QuotaExceeded if its budget is too low."""
    key: ApiKey = request.auth  # type: ignore[attr-defined] # Ninja stores the result of authenticate here
    if not spend(key=key, points=points):
        raise QuotaExceeded(points, key.daily_budget, seconds_until_tomorrow())
