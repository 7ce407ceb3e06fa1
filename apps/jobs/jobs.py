"""Accept, run and end jobs: work that outlives a request.

A service calls `enqueue` inside its own transaction. The Celery task in tasks/ calls `run_job`, which claims the job
under a lease, calls one service with the job's ids, and records the final state. Services must be safe to run twice,
because a worker may die after the effect and before the state is written: give each effect a unique key.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from celery.exceptions import Reject
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.errors import BackendUnavailable, JobFailed
from apps.core.log import get_logger

from .leases import Lease, claim, owned_by_claim
from .models import Job

if TYPE_CHECKING:
    from celery import Task

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
    """A task name and `on_dead`, which moves the job's subject to a final state of its own."""

    task: str
    on_dead: Callable[[Job], None] | None = None


_kinds: dict[str, JobKind] = {}


def register_job(task: str, *, on_dead: Callable[[Job], None] | None = None) -> None:
    """Register a task name; call from AppConfig.ready. `enqueue` refuses names that are not registered."""
    _kinds[task] = JobKind(task, on_dead)


def enqueue(task: str, *, key: str, args: Mapping[str, int | str], delay: float = 0, priority: int = 5) -> None:
    """Insert a job in the caller's transaction; a second job of the same task and key is ignored.

    `args` contain ids only (integers or short identifiers), because they appear in broker messages and logs. `delay`
    is in seconds; a lower `priority` runs first. Raises ValueError on an unregistered task or another value.
    """
    if task not in _kinds:
        raise ValueError(f"No app registered the task {task!r}.")
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
    """Claim a job, call `service(**args)`, and record how it ended. Retries are decided here, not by the broker.

    During a database outage the worker waits up to DATABASE_SECONDS, then returns the message to the broker:
    every message that it dropped would have to be published again.
    """
    job = _retry_database(lambda: claim(job_id))
    if job is None:
        log.info("job.not_claimable", job_id=job_id)
        return
    record_result = _call(job, service)
    _retry_database(record_result)


def _call(job: Job, service: Service) -> Callable[[], object]:
    """Call the service; return the function that records its result."""
    try:
        with Lease(job):
            service(**job.args)
    except BackendUnavailable as error:
        return partial(_postpone, job, str(error))
    except JobFailed as error:
        return partial(_fail, job, str(error), permanent=error.permanent)
    except Exception as error:
        log.exception("job.raised", job_id=job.pk, task=job.task)
        return partial(_fail, job, type(error).__name__, permanent=False)
    return partial(_finish, job, Job.State.DONE, "")


def _retry_database(operation: Callable[[], Result]) -> Result:
    """Retry while the database is down or busy. Inside an open transaction the operation runs once."""
    deadline = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return operation()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            if time.monotonic() > deadline:
                raise Reject(requeue=True) from None
        time.sleep(DATABASE_PAUSE_SECONDS)


def _finish(job: Job, state: str, reason: str) -> bool:
    return bool(
        owned_by_claim(job).update(
            state=state, finished_at=Now(), lease_until=None, token="", worker="", reason=reason[:200]
        )
    )


def _fail(job: Job, reason: str, *, permanent: bool) -> None:
    if permanent or job.attempts >= settings.JOB_ATTEMPTS:
        dead_letter(job, reason)
        return
    _reschedule(job, reason, seconds=BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1])


def _postpone(job: Job, reason: str) -> None:
    """Reschedule a job whose backend is down, for as long as the outage lasts.

    Does not count as an attempt: the backend failed, not the job. The delay is half the job's age, at most
    LONGEST_OUTAGE_WAIT, so that jobs do not all retry at once when a long outage ends.
    """
    age = (timezone.now() - job.created_at).total_seconds()
    _reschedule(job, reason, seconds=min(LONGEST_OUTAGE_WAIT, max(1.0, age / 2)), attempts=F("attempts") - 1)


def _reschedule(job: Job, reason: str, *, seconds: float, **fields: CombinedExpression) -> None:
    owned_by_claim(job).update(
        state=Job.State.WAITING,
        published_at=None,
        lease_until=None,
        token="",
        worker="",
        reason=reason[:200],
        not_before=Now() + timedelta(seconds=seconds),
        **fields,
    )


def dead_letter(job: Job, reason: str) -> None:
    """Mark a job as a dead letter and move its subject to a final state, both in one transaction."""
    with transaction.atomic():
        changed = (
            Job.objects.filter(pk=job.pk, token=job.token)
            .exclude(state__in=["done", "dead"])
            .update(state=Job.State.DEAD, finished_at=Now(), lease_until=None, token="", worker="", reason=reason[:200])
        )
        kind = _kinds.get(job.task)
        if changed and kind and kind.on_dead:
            kind.on_dead(job)
    if changed:
        log.error("job.dead", job_id=job.pk, task=job.task, reason=reason[:200])


def celery_task(job: Job) -> "Task[..., None] | None":
    """Return the Celery task of a job; dead-letter a job whose task no longer exists, and return None."""
    from celery import current_app

    if job.task not in current_app.tasks:
        current_app.loader.import_default_modules()
    if job.task in current_app.tasks:
        task: Task[..., None] = current_app.tasks[job.task]
        return task
    dead_letter(job, "No task of this name exists in this version.")
    return None


def replay(job: Job) -> None:
    """Queue a dead letter again with all its attempts."""
    Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(
        state=Job.State.WAITING, attempts=0, published_at=None, not_before=None, finished_at=None, reason=""
    )


def drain(*, limit: int = 100_000, only: Callable[[Job], bool] | None = None) -> int:
    """Run due jobs in this process until none is left; return how many ran. For commands without a worker."""
    count = 0
    while count < limit:
        due = Job.objects.due().order_by("priority", "id").iterator(chunk_size=200)
        job = next((job for job in due if only is None or only(job)), None)
        if job is None:
            return count
        task = celery_task(job)
        if task:
            task(job.pk)
            count += 1
    return count
