"""Keep the voter index in step with the rolls: load it after a swap, repair drift, delete suppressed voters.

The embedded index is built with its snapshot; here it is only rebuilt if damaged.
"""

import math
import time
from typing import Final

from django.utils import timezone

from apps.core.errors import BackendUnavailable, JobFailed
from apps.core.log import get_logger
from apps.jobs import jobs, task_names
from apps.jobs.models import Job

from . import roll_events, snapshot_files
from .models import Snapshot, Suppression
from .search.base import RELOAD, RowProgress, voter_index

log = get_logger(__name__)
STEP_SECONDS: Final = 10.0
BATCH_SIZE: Final = 1_000


def after_live(snapshot_id: int, run: str = "", row: int = 0) -> None:
    """Load a live snapshot into the search server, one step per job, then notify the apps above.

    For the worker; safe to run twice. Each step enqueues the next, so that no task runs longer than a step.
    """
    snapshot = Snapshot.objects.filter(pk=snapshot_id).first()
    if snapshot is None or snapshot.status != Snapshot.Status.LIVE:
        return
    step = voter_index().load_snapshot(snapshot, run=run, row=row, seconds=STEP_SECONDS)
    if step is not None:
        args: dict[str, int | str] = {"snapshot_id": snapshot_id, "run": step.run, "row": step.row}
        jobs.enqueue(task_names.AFTER_LIVE, key=f"{snapshot_id}:{step.run}:{step.row}", args=args)
        return
    delete_suppressed()
    roll_events.notify_live(snapshot.state, snapshot.pk)


def load_into_index(snapshot: Snapshot, progress: RowProgress, *, reload: bool = False) -> None:
    """Load a snapshot into the index in this process, calling `progress(row, total)`.

    `reload` replaces an index that serves already.
    """
    voter_index().load_snapshot(snapshot, run=RELOAD if reload else "", seconds=math.inf, progress=progress)
    delete_suppressed()


def queue_missing_indexes(dry_run: bool) -> int:
    """Queue loads of live snapshots that have no index; for the reconciler. Does nothing while the server is down."""
    try:
        missing = voter_index().missing_snapshots()
    except (BackendUnavailable, JobFailed):
        return 0
    missing = [snapshot for snapshot in missing if not _is_queued(snapshot)]
    if not dry_run:
        for snapshot in missing:
            _enqueue_reload(snapshot)
    return len(missing)


def _is_queued(snapshot: Snapshot) -> bool:
    return bool(Job.objects.unfinished().filter(task=task_names.AFTER_LIVE, args__snapshot_id=snapshot.pk).exists())


def _enqueue_reload(snapshot: Snapshot) -> None:
    key = f"{snapshot.pk}:again:{int(timezone.now().timestamp())}"
    jobs.enqueue(task_names.AFTER_LIVE, key=key, args={"snapshot_id": snapshot.pk, "run": RELOAD})


def queue_check() -> None:
    """Queue the daily comparison of every index with its roll; called by the scheduler."""
    jobs.enqueue(task_names.CHECK_INDEX, key=timezone.now().date().isoformat(), args={})


def check_indexes() -> dict[str, int]:
    """Compare every index with its roll, and queue a rebuild of one that differs; it serves until then.

    Deletes suppressed voters, too. Returns the number of differing voters by state.
    """
    differences = {}
    for state, snapshot in snapshot_files.live_snapshots().items():
        differences[state] = voter_index().count_differences(snapshot)
        if differences[state]:
            log.warning("voter_index.drift", state=state, count=differences[state], snapshot_id=snapshot.pk)
            if not _is_queued(snapshot):
                _enqueue_reload(snapshot)
    delete_suppressed()
    return differences


def queue_purge() -> None:
    """Queue the deletion of suppressed voters; called in the transaction that suppresses them."""
    jobs.enqueue(task_names.PURGE_INDEX, key=f"{time.time_ns()}", args={})


def delete_suppressed() -> None:
    """Delete every suppressed voter from the search server, except those hidden at the person's own request.

    These stay for the voter's own lookup; `check_matches` keeps them from everyone else.
    """
    withdrawn = Suppression.objects.exclude(by=Suppression.By.PERSON)
    keys = withdrawn.values_list("key_hash", flat=True).iterator(chunk_size=BATCH_SIZE)
    if hashes := [bytes(key) for key in keys]:
        voter_index().delete_voters(hashes)
