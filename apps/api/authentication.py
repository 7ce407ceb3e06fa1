"""Who may ask: a key by header, its scope, and what must not be in a request's address."""

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from .models import ApiKey
from .problems import QuotaExceeded
from .services import known_key, seconds_to_tomorrow, spend


class KeyFor(HttpBearer):
    """Lets live keys of one scope in. Cookies count for nothing, so another site's page can do nothing with them."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiKey | None:
        """Read the header from META: `request.headers` would sort out every header for this one."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return self.authenticate(request, token) if scheme.lower() == self.openapi_scheme else None

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """Return the key; None is answered with 401."""
        key = known_key(token)
        if key is None:
            return None
        if self.scope not in key.scopes:
            raise HttpError(403, f"This key lacks the scope {self.scope}.")
        if request.method == "POST":
            _only_a_json_body(request)
        return key


def _only_a_json_body(request: HttpRequest) -> None:
    """Addresses of requests are written into logs all along their way: a place is taken from the body only."""
    if request.META.get("QUERY_STRING"):
        raise HttpError(400, "Send everything in the JSON body, nothing in the address after '?'.")
    if request.content_type != "application/json":
        raise HttpError(415, "Send the body as Content-Type: application/json.")


def pay(request: HttpRequest, points: int = 1) -> None:
    """Spend the budget of the request's key, before its answer is made. Raises BudgetSpent."""
    key: ApiKey = request.auth  # type: ignore[attr-defined] # ninja puts what authenticate returned here
    if not spend(key=key, points=points):
        raise QuotaExceeded(points, key.daily_budget, seconds_to_tomorrow())
