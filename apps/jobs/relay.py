"""Publish due jobs to the broker. Web requests never talk to the broker themselves.

A hung broker delays jobs, never a request. Publishing and recording `published_at` are two steps: after a crash
between them a job is published twice, and only one worker can claim it.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models.functions import Now

from apps.core import metrics
from apps.core.log import get_logger

from . import heartbeats, jobs
from .models import Job

log = get_logger(__name__)

# Rows stay locked while they are published, and a worker that already has the message waits for its row.
BATCH = 25
PUBLISH_THREADS = 4
IDLE_SECONDS = 0.1
ERROR_PAUSE_SECONDS = 2.0


def publish_batch() -> int:
    """Publish up to BATCH due jobs; return how many. On PostgreSQL two relays never take the same rows.

    Raises the broker's error after recording the jobs that were published before it.
    """
    due = Job.objects.unpublished().only("id", "task")
    if not connection.features.has_select_for_update_skip_locked:
        # SQLite has one writer: do not hold its lock during the query or while the broker answers.
        published, error = _publish(list(due[:BATCH]))
        recorded = _record_published(published)
    else:
        with transaction.atomic():
            published, error = _publish(list(due.select_for_update(skip_locked=True)[:BATCH]))
            recorded = _record_published(published)
    if error:
        raise error
    return recorded


def _publish(due: list[Job]) -> tuple[list[int], Exception | None]:
    """Publish jobs from several threads; return the ids that the broker confirmed, and the first error.

    Each publish waits for a confirmation; a single thread reached 200 jobs a second on a busy machine.
    """
    published: list[int] = []
    errors: list[Exception] = []

    def publish(job: Job) -> None:
        if errors or job.pk not in tasks:
            return
        try:
            tasks[job.pk].apply_async(args=(job.pk,))
        except Exception as error:  # noqa: BLE001 - each broker raises its own types; the caller raises it
            errors.append(error)
        else:
            published.append(job.pk)

    tasks = {job.pk: task for job in due if (task := jobs.celery_task(job))}
    with ThreadPoolExecutor(PUBLISH_THREADS) as pool:
        list(pool.map(publish, due))
    return published, errors[0] if errors else None


def _record_published(ids: list[int]) -> int:
    if not ids:
        return 0
    return Job.objects.filter(pk__in=ids, state=Job.State.WAITING).update(published_at=Now())


def run(stopped: threading.Event) -> None:
    """Publish until `stopped` is set; log errors of the broker or the database and try again."""
    with heartbeats.beating("relay"):
        while not stopped.is_set():
            close_old_connections()
            try:
                published = publish_batch()
            except Exception:
                log.exception("relay.failed")
                _set_alarm(failing=True)
                stopped.wait(ERROR_PAUSE_SECONDS)
                continue
            _set_alarm(failing=False)
            if not published:
                stopped.wait(IDLE_SECONDS)


_last_alarm: dict[str, bool] = {}


def _set_alarm(*, failing: bool) -> None:
    """Set the metric `broker_alarm` when the broker starts or stops failing."""
    if _last_alarm.get("failing") == failing:
        return
    with suppress(DatabaseError):
        metrics.put("broker_alarm", float(failing))
        _last_alarm["failing"] = failing


def lag_seconds() -> float:
    """Return how long the oldest unpublished job has waited, in seconds."""
    oldest = Job.objects.unpublished().order_by("created_at").values_list("created_at", flat=True).first()
    return max(0.0, time.time() - oldest.timestamp()) if oldest else 0.0
