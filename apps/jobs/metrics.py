"""Metrics of the job table, the relay and the canaries."""

from collections.abc import Iterable

from django.db.models import Count, Sum

from apps.core.metrics import Sample

from . import canary, relay
from .models import Job


def samples() -> Iterable[Sample]:
    """Yield the current figures of the queue, the relay and each canary."""
    yield "outbox_unsent", "", Job.objects.unpublished().count()
    yield "outbox_oldest_seconds", "", round(relay.lag_seconds(), 3)
    yield "deadletters", "", Job.objects.dead().count()
    for task, attempts, jobs in (
        Job.objects.unfinished().values_list("task").annotate(tries=Sum("attempts"), jobs=Count("id")).order_by("task")
    ):
        yield "task_attempts", f'task="{task}"', attempts
        yield "task_unfinished", f'task="{task}"', jobs
    for queue, age in canary.ages().items():
        yield "canary_age_seconds", f'queue="{queue}"', round(age, 1)
