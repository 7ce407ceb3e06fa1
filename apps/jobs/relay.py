"""The relay publishes jobs: the only process that talks to the broker on behalf of requests.

A hung publish costs lag, never a request. Publishing and marking are not one act: a crash between them sends a job
twice, and the claim lets only one worker have it.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models.functions import Now

from apps.core.log import get_logger

from . import heartbeats, jobs
from .models import Job

log = get_logger(__name__)

# Rows are locked while they are published, and a worker that has a message already waits for its row: few at a time.
BATCH = 25
PUBLISH_THREADS = 4
IDLE_SECONDS = 0.1
TROUBLE_SECONDS = 2.0


def publish_batch() -> int:
    """Publish up to BATCH due jobs; returns how many. Two relays never take the same rows on PostgreSQL.

    What the broker took before trouble came is marked before the trouble is raised.
    """
    due = Job.objects.unsent().only("id", "task")
    if not connection.features.has_select_for_update_skip_locked:
        # SQLite has one writer: its lock is not held to look for jobs, nor while the broker is talked to.
        sent, trouble = _publish(list(due[:BATCH]))
        marked = _mark(sent)
    else:
        with transaction.atomic():
            sent, trouble = _publish(list(due.select_for_update(skip_locked=True)[:BATCH]))
            marked = _mark(sent)
    if trouble:
        raise trouble
    return marked


def _publish(due: list[Job]) -> tuple[list[int], Exception | None]:
    """Hand jobs over, several at a time; returns the ids of those that the broker has, and the first trouble.

    Each waits for the broker's word: one after the other, 200 a second was all that a busy machine let through.
    """
    sent: list[int] = []
    troubles: list[Exception] = []

    def hand_over(job: tuple[int, Any]) -> None:
        number, task = job
        if troubles:
            return
        try:
            if task:
                task.apply_async(args=(number,))
        except Exception as trouble:  # noqa: BLE001 - every broker has errors of its own; the caller raises it
            troubles.append(trouble)
        else:
            sent.append(number)

    with ThreadPoolExecutor(PUBLISH_THREADS) as hands:
        list(hands.map(hand_over, [(job.pk, jobs.task_of(job)) for job in due]))
    return sent, troubles[0] if troubles else None


def _mark(ids: list[int]) -> int:
    if not ids:
        return 0
    return Job.objects.filter(pk__in=ids, state=Job.State.WAITING).update(published_at=Now())


def run(stopped: threading.Event) -> None:
    """Publish until `stopped` is set; trouble with the broker or the database is logged and tried again."""
    with heartbeats.beating("relay"):
        while not stopped.is_set():
            close_old_connections()
            try:
                published = publish_batch()
            except Exception:
                log.exception("relay.trouble")
                _tell(trouble=True)
                stopped.wait(TROUBLE_SECONDS)
                continue
            _tell(trouble=False)
            if not published:
                stopped.wait(IDLE_SECONDS)


_told: dict[str, bool] = {}


def _tell(*, trouble: bool) -> None:
    """Let the metrics know when the broker starts or stops refusing; only a change is written."""
    from apps.core import metrics

    if _told.get("trouble") == trouble:
        return
    with suppress(DatabaseError):
        metrics.put("broker_alarm", float(trouble))
        _told["trouble"] = trouble


def lag_seconds() -> float:
    """Return how long the oldest unpublished job has waited, in seconds."""
    oldest = Job.objects.unsent().order_by("created_at").values_list("created_at", flat=True).first()
    return max(0.0, time.time() - oldest.timestamp()) if oldest else 0.0
