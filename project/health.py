"""Health and metrics endpoints. They contain no personal data; /livez depends on nothing."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from apps.core import metrics
from apps.jobs import heartbeats, relay
from apps.jobs.models import Job


@require_safe
def livez(_request: HttpRequest) -> JsonResponse:
    """Respond 200 as long as the process runs."""
    return JsonResponse({"alive": True})


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Respond with all metrics in Prometheus format; 404 without the token of METRICS_TOKEN."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(metrics.as_text(), content_type="text/plain; version=0.0.4; charset=utf-8")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Respond 200 if the database answers and is migrated. Reports other processes too."""
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
