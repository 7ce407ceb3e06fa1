"""Stopped work and the outbox, for owners: looked at, sent again, or dropped with a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core.errors import Refused
from apps.jobs import jobs
from apps.jobs.models import Job


def count_dead() -> int:
    """Return how much work has stopped."""
    return Job.objects.dead().count()


def oldest_dead() -> datetime | None:
    """Return since when the oldest of it waits for a hand."""
    return Job.objects.dead().order_by("finished_at").values_list("finished_at", flat=True).first()


def replay(*, actor: Any, ids: Sequence[int]) -> int:
    """Give stopped work a fresh set of attempts; returns how much."""
    letters = _dead(ids)
    with transaction.atomic():
        for job in letters:
            jobs.replay(job)
            audit.log_write(actor=actor, action="work.replayed", subject=job, facts={"task": job.task})
    return len(letters)


def drop(*, actor: Any, ids: Sequence[int], reason: str) -> int:
    """Give stopped work up for good; returns how much."""
    if not reason.strip():
        raise Refused(_("Say why this work may be dropped. The reason is kept."))
    letters = _dead(ids)
    with transaction.atomic():
        for job in letters:
            audit.log_write(actor=actor, action="work.dropped", subject=job, facts={"task": job.task}, reason=reason)
        Job.objects.dead().filter(pk__in=[job.pk for job in letters]).delete()
    return len(letters)


def _dead(ids: Sequence[int]) -> list[Job]:
    letters = list(Job.objects.dead().filter(pk__in=ids))
    if not letters:
        raise Refused(_("None of it is stopped any more. Look at the list again."))
    return letters
