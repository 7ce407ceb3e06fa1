"""What concerns browsers and methods rather than one operation: other sites' pages, and methods that are not there."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from .problems import MEDIA_TYPE, problem

PREFIX = "/api/v1/"
CIVIC = "/civicinfo/"
HEADERS = "Authorization, Content-Type, If-None-Match, X-Goog-Api-Key, X-HTTP-Method-Override"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": HEADERS,
    "Access-Control-Max-Age": "600",
}
EXPOSED = "ETag, Retry-After, X-Request-Id"
Respond = Callable[[HttpRequest], HttpResponse]


class CorsMiddleware:
    """Pages of API_ORIGINS may read answers; no other page may, and cookies are never part of it."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a browser's question beforehand, or let an allowed page read the answer."""
        if not request.path.startswith((PREFIX, CIVIC)):
            return self.respond(request)
        origin = request.META.get("HTTP_ORIGIN", "")
        allowed = origin in settings.API_ORIGINS
        if allowed and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(status=204, headers=PREFLIGHT)
        else:
            response = self.respond(request)
            response = _page_as_problem(response) if request.path.startswith(PREFIX) else response
        if allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
        if settings.API_ORIGINS:
            patch_vary_headers(response, ["Origin"])
        return response


def _page_as_problem(response: HttpResponse) -> HttpResponse:
    """An address or a method that no operation has is answered by the house, with a page for people."""
    if response.status_code == 404 and response.headers["Content-Type"] != MEDIA_TYPE:
        return problem(404, "There is nothing here; /api/ lists what there is.")
    if response.status_code == 405:
        allow = response.headers.get("Allow", "")
        return problem(405, f"This address takes {allow or 'another method'}.", headers={"Allow": allow})
    return response
