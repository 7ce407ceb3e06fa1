"""Return jobs that a crash, a broker or an expired lease lost. Can finish all jobs with the broker wiped."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from apps.core import metrics
from apps.core.log import get_logger

from . import canary, jobs, redelivery
from .heartbeats import PROCESS, worker_name
from .managers import JobQuerySet
from .models import Heartbeat, Job

log = get_logger(__name__)

KEEP_DONE_DAYS = 7

_repairs: dict[str, Callable[[bool], int]] = {}


def register_repair(name: str, repair: Callable[[bool], int]) -> None:
    """Add an app's repair: `repair(dry_run)` returns how many rows it repaired or would repair."""
    _repairs[name] = repair


def reconcile(*, dry_run: bool = False) -> dict[str, int]:
    """Run every repair once; return the number of repaired rows by name."""
    repaired = {
        "lease_passed": _republish(Job.objects.abandoned(), dry_run),
        "not_delivered": _republish(redelivery.messages(), dry_run),
        "spent": _dead_letter_exhausted(dry_run),
    }
    for name, repair in _repairs.items():
        repaired[name] = repair(dry_run)
    for name, count in repaired.items():
        if count:
            log.warning("reconcile.repaired", reason=name, count=count)
            if not dry_run:
                metrics.add("reconciler_fixed_total", f'reason="{name}"', count)
    return repaired


def _republish(lost: JobQuerySet, dry_run: bool) -> int:
    """Return jobs to the relay; jobs without attempts left become dead letters instead."""
    lost = lost.filter(attempts__lt=settings.JOB_ATTEMPTS)
    return lost.count() if dry_run else lost.republish()


def _dead_letter_exhausted(dry_run: bool) -> int:
    exhausted = list(Job.objects.exhausted()[:500])
    if not dry_run:
        for job in exhausted:
            jobs.dead_letter(job, job.reason or "It was started as often as allowed and never ended.")
    return len(exhausted)


def release_own_jobs() -> int:
    """Return the jobs that this worker was running when it died; called when a worker starts."""
    own = Job.objects.filter(state=Job.State.RUNNING, worker__startswith=f"{worker_name()}{PROCESS}")
    return own.republish()


def prune() -> int:
    """Delete done jobs after KEEP_DONE_DAYS, canary jobs after an hour, stale heartbeats; return the jobs deleted."""
    Heartbeat.objects.filter(at__lt=Now() - timedelta(days=1)).exclude(kind="canary").delete()
    canaries = Job.objects.filter(task__endswith=canary.SUFFIX, state=Job.State.DONE)
    canaries.filter(finished_at__lt=Now() - timedelta(hours=1)).delete()
    old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=Now() - timedelta(days=KEEP_DONE_DAYS))
    return old.delete()[0]
