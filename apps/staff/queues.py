"""Queues of the staff home page: each kind of case, and each registered tile."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from apps.accounts.models import User
from apps.cases import dashboard
from apps.cases import services as cases
from apps.cases.models import Case


@dataclass(frozen=True)
class Queue:
    """Describe one row of the home page: the number waiting, since when, and the target time."""

    title: str | Promise
    url: str
    waiting: int
    oldest: datetime | None
    promise: timedelta | None

    @property
    def late(self) -> bool:
        """Return whether the oldest item exceeds the target time."""
        return bool(self.oldest and self.promise and timezone.now() - self.oldest > self.promise)

    @property
    def promise_hours(self) -> int:
        """Return the target time in whole hours."""
        return int(self.promise.total_seconds() // 3600) if self.promise else 0


def queues_for(user: User) -> list[Queue]:
    """Return the queues of a user's role: cases first, then tiles."""
    return [*_case_queues(user), *(_tile_queue(tile) for tile in dashboard.for_user(user))]


def _case_queues(user: User) -> list[Queue]:
    names = cases.kinds_for(user.role)
    counts_by_kind = {
        row["kind"]: row
        for row in Case.objects.unanswered()
        .filter(kind__in=names)
        .values("kind")
        .annotate(waiting=Count("id"), oldest=Min("opened_at"))
        .order_by()
    }
    queues = []
    for name in names:
        kind, row = cases.kind_of(name), counts_by_kind.get(name)
        waiting, oldest = (row["waiting"], row["oldest"]) if row else (0, None)
        queues.append(Queue(kind.title, reverse("staff:queue", args=[name]), waiting, oldest, kind.promise))
    return queues


def _tile_queue(tile: dashboard.DashboardTile) -> Queue:
    waiting = tile.count()
    oldest = tile.oldest() if tile.oldest and waiting else None
    return Queue(tile.title, reverse(tile.url_name, args=tile.args), waiting, oldest, tile.promise)
