"""Is the process there, and can it serve? Nothing about any person, no dependency for the first answer."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from apps.core import metrics
from apps.jobs import heartbeats, relay
from apps.jobs.models import Job


def livez(_request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process runs."""
    return JsonResponse({"alive": True})


def metrics_page(request: HttpRequest) -> HttpResponse:
    """Tell Prometheus every figure; without the token of METRICS_TOKEN there is nothing here."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(metrics.as_text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 if the database answers and its tables fit; workers and the relay are told, and fail nothing."""
    try:
        behind = MigrationExecutor(connection)
        waiting = bool(behind.migration_plan(behind.loader.graph.leaf_nodes()))
        facts = {
            "database": True,
            "migrated": not waiting,
            "worker": heartbeats.is_alive("worker"),
            "relay": heartbeats.is_alive("relay"),
            "scheduler": heartbeats.is_alive("scheduler"),
            "unsent": Job.objects.unpublished().count(),
            "oldest_seconds": round(relay.lag_seconds(), 1),
            "dead_letters": Job.objects.dead().count(),
        }
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse(facts, status=503 if waiting else 200)
