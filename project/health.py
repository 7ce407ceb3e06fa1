"""Is the process there, and can it serve? Nothing about any person, no dependency for the first answer."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from apps.core import heartbeats, relay
from apps.core.models import Job


def livez(_request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process runs."""
    return JsonResponse({"alive": True})


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
            "unsent": Job.objects.unsent().count(),
            "oldest_seconds": round(relay.lag_seconds(), 1),
            "dead_letters": Job.objects.dead().count(),
        }
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse(facts, status=503 if waiting else 200)
