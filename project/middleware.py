"""Middleware for every request: request log line, request id, cache headers."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.core.log import get_logger
from project import request_metrics

log = get_logger("request")
Respond = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    """Logs one line per request with the route's name, never the path or query, which may contain user input."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Assign a request id, respond, and log the line."""
        request_id = uuid.uuid4().hex[:12]
        request.META["VOTEKIN_REQUEST_ID"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = self.respond(request)
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "none"
        seconds = time.perf_counter() - began
        log.info("request", method=request.method, route=route, status=response.status_code, ms=round(seconds * 1000))
        if settings.METRICS_TOKEN and route not in {"livez", "readyz", "metrics"}:
            request_metrics.count(response.status_code, seconds)
        response.headers["X-Request-Id"] = request_id
        return response


class NoStoreMiddleware:
    """Forbids caching of pages for signed-in users and of responses to POST requests."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set Cache-Control unless the view marked the response as public."""
        response = self.respond(request)
        personal = request.user.is_authenticated or request.method not in {"GET", "HEAD"}
        if personal or not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "no-store, private"
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        return response
