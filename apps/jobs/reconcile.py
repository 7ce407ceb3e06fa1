"""The reconciler finds what leases, brokers and crashes lost. It can finish all work with the broker wiped."""

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

_extra: dict[str, Callable[[bool], int]] = {}


def register_repair(name: str, repair: Callable[[bool], int]) -> None:
    """Add a repair of an app: `repair(dry_run)` returns how many it mended or would mend."""
    _extra[name] = repair


def reconcile(*, dry_run: bool = False) -> dict[str, int]:
    """Mend everything once; returns what was found, by name."""
    found = {
        "lease_passed": _return(Job.objects.abandoned(), dry_run),
        "not_delivered": _return(redelivery.messages(), dry_run),
        "spent": _bury_spent(dry_run),
    }
    for name, repair in _extra.items():
        found[name] = repair(dry_run)
    for name, count in found.items():
        if count:
            log.warning("reconcile.mended", reason=name, count=count)
            if not dry_run:
                metrics.add("reconciler_fixed_total", f'reason="{name}"', count)
    return found


def _return(lost: JobQuerySet, dry_run: bool) -> int:
    """Send jobs back to the relay; the ones that are spent are left for the dead letters."""
    lost = lost.filter(attempts__lt=settings.WORK_ATTEMPTS)
    return lost.count() if dry_run else lost.send_again()


def _bury_spent(dry_run: bool) -> int:
    spent = list(Job.objects.spent()[:500])
    if not dry_run:
        for job in spent:
            jobs.dead_letter(job, job.reason or "It was started as often as allowed and never ended.")
    return len(spent)


def free_own_leases() -> int:
    """A worker that starts returns what it held when it died, and what lay in its embedded broker."""
    mine = Job.objects.filter(state=Job.State.RUNNING, worker__startswith=f"{worker_name()}{PROCESS}")
    return mine.send_again()


def prune() -> int:
    """Drop done jobs and stale heartbeats that nobody needs any more; returns how many jobs went."""
    Heartbeat.objects.filter(at__lt=Now() - timedelta(days=1)).exclude(kind="canary").delete()
    landed = Job.objects.filter(task__endswith=canary.SUFFIX, state=Job.State.DONE)
    landed.filter(finished_at__lt=Now() - timedelta(hours=1)).delete()
    old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=Now() - timedelta(days=KEEP_DONE_DAYS))
    return old.delete()[0]
