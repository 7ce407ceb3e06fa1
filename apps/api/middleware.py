"""Middleware of the API: CORS, and problem JSON for unknown paths and methods."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from .problems import MEDIA_TYPE, problem_response

API_PREFIX = "/api/v1/"
CIVIC_PREFIX = "/civicinfo/"
ALLOWED_HEADERS = "Authorization, Content-Type, If-None-Match, X-Goog-Api-Key, X-HTTP-Method-Override"
PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": ALLOWED_HEADERS,
    "Access-Control-Max-Age": "600",
}
EXPOSED_HEADERS = "ETag, Retry-After, X-Request-Id"
GetResponse = Callable[[HttpRequest], HttpResponse]


class CorsMiddleware:
    """Allows pages of API_ORIGINS, and no others, to read responses; never with cookies."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a preflight request, or add CORS headers to the response for an allowed origin."""
        if not request.path.startswith((API_PREFIX, CIVIC_PREFIX)):
            return self.get_response(request)
        origin = request.META.get("HTTP_ORIGIN", "")
        allowed = origin in settings.API_ORIGINS
        if allowed and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(status=204, headers=PREFLIGHT_HEADERS)
        else:
            response = self.get_response(request)
            response = _as_problem(response) if request.path.startswith(API_PREFIX) else response
        if allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
        if settings.API_ORIGINS:
            patch_vary_headers(response, ["Origin"])
        return response


def _as_problem(response: HttpResponse) -> HttpResponse:
    """Replace Django's HTML pages for unknown paths and methods by problem JSON."""
    if response.status_code == 404 and response.headers["Content-Type"] != MEDIA_TYPE:
        return problem_response(404, "There is no such operation; /api/ lists them all.")
    if response.status_code == 405:
        allow = response.headers.get("Allow", "")
        return problem_response(405, f"This path accepts {allow or 'another method'}.", headers={"Allow": allow})
    return response
