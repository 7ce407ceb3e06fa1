"""Failed jobs, for owners: listed, replayed, or dropped with a reason."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import Refused
from apps.jobs import jobs
from apps.jobs.models import Job


def count_failed() -> int:
    """Return the number of failed jobs."""
    return Job.objects.dead().count()


def oldest_failure() -> datetime | None:
    """Return when the oldest failed job failed, or None."""
    return Job.objects.dead().order_by("finished_at").values_list("finished_at", flat=True).first()


def replay_jobs(*, actor: User, ids: Sequence[int]) -> int:
    """Queue failed jobs again with all attempts; return their number."""
    failed = _failed_jobs(ids)
    with transaction.atomic():
        for job in failed:
            jobs.replay(job)
            audit.log_write(actor=actor, action="work.replayed", subject=job, facts={"task": job.task})
    return len(failed)


def drop_jobs(*, actor: User, ids: Sequence[int], reason: str) -> int:
    """Delete failed jobs for good; return their number. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Say why this work may be dropped. The reason is kept."))
    failed = _failed_jobs(ids)
    with transaction.atomic():
        for job in failed:
            audit.log_write(actor=actor, action="work.dropped", subject=job, facts={"task": job.task}, reason=reason)
        Job.objects.dead().filter(pk__in=[job.pk for job in failed]).delete()
    return len(failed)


def _failed_jobs(ids: Sequence[int]) -> list[Job]:
    failed = list(Job.objects.dead().filter(pk__in=ids))
    if not failed:
        raise Refused(_("None of it is stopped any more. Look at the list again."))
    return failed
