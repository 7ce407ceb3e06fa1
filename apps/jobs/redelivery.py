"""Detect published jobs whose broker message was lost, as opposed to jobs still queued.

A queue delivers in order. If a later message of a queue has been claimed, a job that was published well before it and
is still unclaimed was overtaken: its message is lost. If no message of a queue is claimed at all, either the broker
was wiped or no worker runs. Then the PROBE oldest jobs are published again: few, so that a queue without a worker
does not grow. As soon as one of them is claimed, it has overtaken all the others. See decision record 0017.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.db.models.functions import Now

from .managers import JobQuerySet
from .models import Job

QUIET_SECONDS = 15
# A relay records `published_at` shortly after publishing, and a worker prefetches a message or two.
MARGIN_SECONDS = 5
PROBE = 100


def messages() -> JobQuerySet:
    """Return the waiting jobs whose message is lost."""
    ids: set[int] = set()
    for queue in settings.QUEUES:
        ids |= _lost_ids(Job.objects.filter(task__startswith=f"{queue}."))
    return Job.objects.filter(pk__in=ids)


def _lost_ids(jobs: JobQuerySet) -> set[int]:
    unclaimed = jobs.published_but_unclaimed(QUIET_SECONDS)
    if not unclaimed.exists():
        return set()
    claimed, newest = _recently_claimed(jobs)
    if not claimed:
        return set(unclaimed.order_by("published_at").values_list("pk", flat=True)[:PROBE])
    if newest is None:
        return set()
    overtaken = unclaimed.filter(published_at__lt=newest - timedelta(seconds=MARGIN_SECONDS))
    return set(overtaken.values_list("pk", flat=True))


def _recently_claimed(jobs: JobQuerySet) -> tuple[int, datetime | None]:
    """Return how many jobs are running or just finished, and when the newest of them was published."""
    running = Q(state=Job.State.RUNNING, lease_until__gt=Now())
    finished = Q(state=Job.State.DONE, finished_at__gt=Now() - timedelta(seconds=QUIET_SECONDS))
    totals = jobs.filter(running | finished).aggregate(count=Count("pk"), newest=Max("published_at"))
    return totals["count"], totals["newest"]
