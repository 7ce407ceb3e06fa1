"""Reads of jobs, in plain English."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from .models import Job  # noqa: F401 (named in a string below)


class JobQuerySet(models.QuerySet["Job"]):
    """What the relay, the worker and the reconciler ask for. Times are the database's, not the machine's."""

    def due(self) -> "JobQuerySet":
        """Jobs that wait and whose time has come."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=Now()), state="waiting")

    def unsent(self) -> "JobQuerySet":
        """Due jobs the relay has to publish, the most urgent first."""
        return self.due().filter(published_at=None).order_by("priority", "id")

    def abandoned(self) -> "JobQuerySet":
        """Running jobs whose worker stopped renewing its lease."""
        return self.filter(state="running", lease_until__lt=Now())

    def sent_but_unseen(self, seconds: int) -> "JobQuerySet":
        """Jobs published `seconds` ago or earlier that no worker has claimed."""
        return self.due().filter(published_at__lt=Now() - timedelta(seconds=seconds))

    def claimable(self) -> "JobQuerySet":
        """Jobs a worker may take: due ones, and running ones whose lease has passed."""
        due = Q(state="waiting") & (Q(not_before=None) | Q(not_before__lte=Now()))
        return self.filter(due | Q(state="running", lease_until__lt=Now()), attempts__lt=settings.WORK_ATTEMPTS)

    def spent(self) -> "JobQuerySet":
        """Jobs that were started as often as allowed and still have not ended."""
        over = Q(state="waiting") | Q(state="running", lease_until__lt=Now())
        return self.filter(over, attempts__gte=settings.WORK_ATTEMPTS)

    def unfinished(self) -> "JobQuerySet":
        """Jobs that have not reached a final state."""
        return self.filter(state__in=["waiting", "running"])

    def send_again(self) -> int:
        """Return jobs to the relay as if nobody had taken them; returns how many. Their attempts still count."""
        return self.update(state="waiting", published_at=None, lease_until=None, token="", worker="")

    def dead(self) -> "JobQuerySet":
        """The dead letters, the newest first."""
        return self.filter(state="dead").order_by("-id")
