"""Queries over jobs."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from .models import Job  # noqa: F401 (named in a string below)


class JobQuerySet(models.QuerySet["Job"]):
    """Queries of the relay, the worker and the reconciler. Times come from the database, not from the machine."""

    def due(self) -> "JobQuerySet":
        """Return waiting jobs whose delay has passed."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=Now()), state="waiting")

    def unpublished(self) -> "JobQuerySet":
        """Return due jobs that the relay must publish, highest priority first."""
        return self.due().filter(published_at=None).order_by("priority", "id")

    def abandoned(self) -> "JobQuerySet":
        """Return running jobs whose lease has expired."""
        return self.filter(state="running", lease_until__lt=Now())

    def published_but_unclaimed(self, seconds: int) -> "JobQuerySet":
        """Return jobs that were published at least `seconds` ago and that no worker has claimed."""
        return self.due().filter(published_at__lt=Now() - timedelta(seconds=seconds))

    def claimable(self) -> "JobQuerySet":
        """Return jobs that a worker may claim: due ones, and running ones whose lease has expired."""
        due = Q(state="waiting") & (Q(not_before=None) | Q(not_before__lte=Now()))
        return self.filter(due | Q(state="running", lease_until__lt=Now()), attempts__lt=settings.JOB_ATTEMPTS)

    def exhausted(self) -> "JobQuerySet":
        """Return unfinished jobs that have no attempts left."""
        idle = Q(state="waiting") | Q(state="running", lease_until__lt=Now())
        return self.filter(idle, attempts__gte=settings.JOB_ATTEMPTS)

    def unfinished(self) -> "JobQuerySet":
        """Return jobs that have not reached a final state."""
        return self.filter(state__in=["waiting", "running"])

    def republish(self) -> int:
        """Return jobs to the relay as if they were never claimed; return how many. Their attempts still count."""
        return self.update(state="waiting", published_at=None, lease_until=None, token="", worker="")

    def dead(self) -> "JobQuerySet":
        """Return the dead letters, newest first."""
        return self.filter(state="dead").order_by("-id")
