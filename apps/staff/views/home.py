"""What waits for you, and the rolls."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.roles import may, require_staff
from apps.voters.models import LiveRoll, Snapshot

from .. import flags, queues

SHOWN = 20
FLOOR = 10


@require_staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every queue of the reader's role, the live rolls, and the features in preview."""
    waiting = queues.of(request.user)
    ordered = sorted((queue for queue in waiting if queue.oldest), key=lambda queue: queue.oldest)  # type: ignore[arg-type, return-value]
    context = {
        "queues": waiting,
        "total": sum(queue.waiting for queue in waiting),
        "late": sum(queue.late for queue in waiting),
        "first": ordered[0] if ordered else None,
        "flags": flags.all_flags() if may(request.user) else [],
        "live": _live(),
    }
    return render(request, "staff/home.html", context)


def _live() -> list[dict[str, Any]]:
    rolls = LiveRoll.objects.select_related("snapshot").order_by("state")
    return [_facts(roll.snapshot) for roll in rolls]


def _facts(snapshot: Snapshot) -> dict[str, Any]:
    counts = snapshot.counts or {}
    dropped = counts.get("dropped") or {}
    return {
        "snapshot": snapshot,
        "loaded": counts.get("loaded", 0),
        # Few protected or dropped people could be told one by one: small counts are not shown.
        "dropped": [(reason, count if count >= FLOOR else None) for reason, count in sorted(dropped.items())],
        "quarantined": counts.get("quarantined", 0),
        "beyond": (snapshot.drift or {}).get("beyond", []),
        "notes": (snapshot.drift or {}).get("notes", []),
    }


@require_staff
@require_safe
def rolls(request: HttpRequest) -> HttpResponse:
    """The live rolls, what waits to be accepted, what was loaded lately, and what went wrong."""
    recent = Snapshot.objects.order_by("-id")[:SHOWN]
    waiting = Snapshot.objects.waiting().order_by("state")
    context = {
        "live": _live(),
        "waiting": [_facts(snapshot) for snapshot in waiting],
        "recent": [_facts(snapshot) for snapshot in recent],
    }
    return render(request, "staff/rolls.html", context)
