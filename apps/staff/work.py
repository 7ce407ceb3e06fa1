"""Stopped work and the outbox, for owners: looked at, sent again, or dropped with a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import work
from apps.core.errors import Refused
from apps.core.models import Job
from apps.records import audit


def count_dead() -> int:
    """Return how much work has stopped."""
    return Job.objects.dead().count()


def oldest_dead() -> datetime | None:
    """Return since when the oldest of it waits for a hand."""
    return Job.objects.dead().order_by("finished_at").values_list("finished_at", flat=True).first()


def replay(*, actor: Any, ids: Sequence[int]) -> int:
    """Give stopped work a fresh set of attempts; returns how much."""
    jobs = _dead(ids)
    with transaction.atomic():
        for job in jobs:
            work.replay(job)
            audit.log_write(actor=actor, action="work.replayed", subject=job, facts={"task": job.task})
    return len(jobs)


def drop(*, actor: Any, ids: Sequence[int], reason: str) -> int:
    """Give stopped work up for good; returns how much."""
    if not reason.strip():
        raise Refused(_("Say why this work may be dropped. The reason is kept."))
    jobs = _dead(ids)
    with transaction.atomic():
        for job in jobs:
            audit.log_write(actor=actor, action="work.dropped", subject=job, facts={"task": job.task}, reason=reason)
        Job.objects.dead().filter(pk__in=[job.pk for job in jobs]).delete()
    return len(jobs)


def _dead(ids: Sequence[int]) -> list[Job]:
    jobs = list(Job.objects.dead().filter(pk__in=ids))
    if not jobs:
        raise Refused(_("None of it is stopped any more. Look at the list again."))
    return jobs
