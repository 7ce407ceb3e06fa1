"""Work that outlives a request: accepted once, claimed for a lease, ended in a named state.

A service calls `enqueue` inside its own transaction. The task in tasks/ calls `perform`, which claims the job,
runs one service with the job's ids, and ends the job. Services must be safe to run twice: their effects carry
unique keys, because a worker may die after the effect and before the end is written.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from celery.exceptions import Reject
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.errors import BackendUnavailable, WorkFailed
from apps.core.log import get_logger

from .leases import Lease, claim, owned_by_claim
from .models import Job

log = get_logger(__name__)

Service = Callable[..., object]
Result = TypeVar("Result")
ID_PATTERN = re.compile(r"[A-Za-z0-9_:.\-]{0,64}\Z")
DATABASE_SECONDS = 60.0
DATABASE_PAUSE_SECONDS = 0.5
BACKOFF_SECONDS = (1, 5, 20, 60)
LONGEST_OUTAGE_WAIT = 60.0


@dataclass(frozen=True)
class JobKind:
    """What the house must know of a kind of work: `on_dead` moves its subject to its own named end."""

    task: str
    on_dead: Callable[[Job], None] | None = None


_kinds: dict[str, JobKind] = {}


def register_job(task: str, *, on_dead: Callable[[Job], None] | None = None) -> None:
    """Make a kind of work known; called in AppConfig.ready."""
    _kinds[task] = JobKind(task, on_dead)


def enqueue(task: str, *, key: str, args: Mapping[str, int | str], delay: float = 0, priority: int = 5) -> None:
    """Accept work in the caller's transaction; the same work under the same key is accepted once.

    `args` are ids: whole numbers or short identifiers; anything else raises ValueError, since they pass through
    the broker and through logs.
    """
    if task not in _kinds:
        raise ValueError(f"Nobody registered the work {task!r}.")
    for name, value in args.items():
        if not isinstance(value, int) and not ID_PATTERN.match(value):
            raise ValueError(f"The argument {name!r} of {task} is not an id.")
    job = Job(
        task=task,
        key=key,
        args=dict(args),
        priority=priority,
        not_before=timezone.now() + timedelta(seconds=delay) if delay else None,
    )
    Job.objects.bulk_create([job], ignore_conflicts=True)


def run_job(job_id: int, service: Service) -> None:
    """Claim a job, run `service(**args)`, and end it, so that no broker decides about a retry.

    While the database is away the worker waits for it: each message that it took and dropped meanwhile would have to
    be sent again. After DATABASE_SECONDS it gives the message back.
    """
    job = _patiently(lambda: claim(job_id))
    if job is None:
        log.info("job.not_ours", job_id=job_id)
        return
    end = _run(job, service)
    _patiently(end)


def _run(job: Job, service: Service) -> Callable[[], object]:
    """Run the service; returns what writes down how it ended."""
    try:
        with Lease(job):
            service(**job.args)
    except BackendUnavailable as error:
        return partial(_put_off, job, str(error))
    except WorkFailed as error:
        return partial(_failed, job, str(error), permanent=error.permanent)
    except Exception as error:
        log.exception("job.raised", job_id=job.pk, task=job.task)
        return partial(_failed, job, type(error).__name__, permanent=False)
    return partial(_end, job, Job.State.DONE, "")


def _patiently(act: Callable[[], Result]) -> Result:
    """Try again while the database is away or too busy; inside somebody's transaction there is one try."""
    end = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            if time.monotonic() > end:
                raise Reject(requeue=True) from None
        time.sleep(DATABASE_PAUSE_SECONDS)


def _end(job: Job, state: str, reason: str) -> bool:
    return bool(
        owned_by_claim(job).update(
            state=state, finished_at=Now(), lease_until=None, token="", worker="", reason=reason[:200]
        )
    )


def _failed(job: Job, reason: str, *, permanent: bool) -> None:
    if permanent or job.attempts >= settings.WORK_ATTEMPTS:
        dead_letter(job, reason)
        return
    _wait(job, reason, seconds=BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1])


def _put_off(job: Job, reason: str) -> None:
    """Let a job wait for a server that is away, however long: the try is not counted, for the job is not at fault.

    The older the job, the longer the wait, so that a day's outage does not end in a storm; never above a minute.
    """
    age = (timezone.now() - job.created_at).total_seconds()
    _wait(job, reason, seconds=min(LONGEST_OUTAGE_WAIT, max(1.0, age / 2)), attempts=F("attempts") - 1)


def _wait(job: Job, reason: str, *, seconds: float, **more: Any) -> None:
    owned_by_claim(job).update(
        state=Job.State.WAITING,
        published_at=None,
        lease_until=None,
        token="",
        worker="",
        reason=reason[:200],
        not_before=Now() + timedelta(seconds=seconds),
        **more,
    )


def dead_letter(job: Job, reason: str) -> None:
    """End a job as a dead letter and let its subject end in its own named state, both or neither."""
    with transaction.atomic():
        buried = (
            Job.objects.filter(pk=job.pk, token=job.token)
            .exclude(state__in=["done", "dead"])
            .update(state=Job.State.DEAD, finished_at=Now(), lease_until=None, token="", worker="", reason=reason[:200])
        )
        kind = _kinds.get(job.task)
        if buried and kind and kind.on_dead:
            kind.on_dead(job)
    if buried:
        log.error("job.dead", job_id=job.pk, task=job.task, reason=reason[:200])


def task_of(job: Job) -> Any:
    """Return the Celery task of a job, or None after burying a job whose task no module offers any more."""
    from celery import current_app

    if job.task not in current_app.tasks:
        current_app.loader.import_default_modules()
    if job.task in current_app.tasks:
        return current_app.tasks[job.task]
    dead_letter(job, "No task of this name exists in this version.")
    return None


def replay(job: Job) -> None:
    """Give a dead letter a fresh set of attempts."""
    Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(
        state=Job.State.WAITING, attempts=0, published_at=None, not_before=None, finished_at=None, reason=""
    )


def drain(*, limit: int = 100_000, only: Callable[[Job], bool] | None = None) -> int:
    """Run due jobs in this process until none is left; returns how many ran. For commands without a worker."""
    ran = 0
    while ran < limit:
        due = Job.objects.due().order_by("priority", "id").iterator(chunk_size=200)
        job = next((job for job in due if only is None or only(job)), None)
        if job is None:
            return ran
        task = task_of(job)
        if task:
            task(job.pk)
            ran += 1
    return ran
