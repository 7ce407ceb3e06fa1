"""The queues of the staff home: each kind of case, and each tile that an app offers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from apps.cases import dashboard
from apps.cases import services as cases
from apps.cases.models import Case


@dataclass(frozen=True)
class Queue:
    """One line of the home: what waits, since when, and whether that is longer than promised."""

    title: Any
    url: str
    waiting: int
    oldest: datetime | None
    promise: timedelta | None

    @property
    def late(self) -> bool:
        """Return whether the oldest thing waits longer than promised."""
        return bool(self.oldest and self.promise and timezone.now() - self.oldest > self.promise)

    @property
    def promise_hours(self) -> int:
        """Return the promise in whole hours."""
        return int(self.promise.total_seconds() // 3600) if self.promise else 0


def of(user: Any) -> list[Queue]:
    """Return the queues of a user's role: cases first, then what the apps offer."""
    return [*_cases(user), *(_tile(tile) for tile in dashboard.for_user(user))]


def _cases(user: Any) -> list[Queue]:
    names = cases.kinds_for(user.role)
    counted = {
        row["kind"]: row
        for row in Case.objects.unanswered()
        .filter(kind__in=names)
        .values("kind")
        .annotate(waiting=Count("id"), oldest=Min("opened_at"))
        .order_by()
    }
    queues = []
    for name in names:
        kind, row = cases.kind_of(name), counted.get(name)
        waiting, oldest = (row["waiting"], row["oldest"]) if row else (0, None)
        queues.append(Queue(kind.title, reverse("staff:queue", args=[name]), waiting, oldest, kind.promise))
    return queues


def _tile(tile: dashboard.DashboardTile) -> Queue:
    waiting = tile.count()
    oldest = tile.oldest() if tile.oldest and waiting else None
    return Queue(tile.title, reverse(tile.url_name, args=tile.args), waiting, oldest, tile.promise)
