"""What lets a search server follow the rolls: loaded step by step after a swap, mended where it drifted, purged.

The embedded index is made with its snapshot; here it is only built again where a file of it is damaged.
"""

import math
import time
from typing import Final

from django.utils import timezone

from apps.core.errors import BackendUnavailable, WorkFailed
from apps.core.log import get_logger
from apps.jobs import jobs
from apps.jobs.models import Job

from . import roll_events, snapshot_files
from .models import Snapshot, Suppression
from .search.base import RELOAD, ProgressCallback, voter_index

log = get_logger(__name__)
STEP_SECONDS: Final = 10.0
BATCH_SIZE: Final = 1_000


def after_live(snapshot_id: int, run: str = "", row: int = 0) -> None:
    """Follow a swap: the search server takes the snapshot in, step by step, then whoever looks people up is told.

    For the worker; safe to run twice. Each step enqueues the next, so that no task is longer than a step.
    """
    snapshot = Snapshot.objects.filter(pk=snapshot_id).first()
    if snapshot is None or snapshot.status != Snapshot.Status.LIVE:
        return
    step = voter_index().take_in(snapshot, run=run, row=row, seconds=STEP_SECONDS)
    if step is not None:
        args: dict[str, int | str] = {"snapshot_id": snapshot_id, "run": step.run, "row": step.row}
        jobs.enqueue("rolls.after_live", key=f"{snapshot_id}:{step.run}:{step.row}", args=args)
        return
    _purge_all()
    roll_events.notify_live(snapshot.state, snapshot.pk)


def load_into_index(snapshot: Snapshot, watch: ProgressCallback, *, again: bool = False) -> None:
    """Take a snapshot in, in this process; `watch(row, total)` is called as it goes."""
    voter_index().take_in(snapshot, run=RELOAD if again else "", seconds=math.inf, watch=watch)
    _purge_all()


def queue_missing_indexes(dry_run: bool) -> int:
    """Load again what has no index behind its alias; for the reconciler. A server that is away is nobody's drift."""
    try:
        missing = voter_index().behind()
    except (BackendUnavailable, WorkFailed):
        return 0
    missing = [snapshot for snapshot in missing if not _is_queued(snapshot)]
    if not dry_run:
        for snapshot in missing:
            _enqueue_reload(snapshot)
    return len(missing)


def _is_queued(snapshot: Snapshot) -> bool:
    return bool(Job.objects.unfinished().filter(task="rolls.after_live", args__snapshot_id=snapshot.pk).exists())


def _enqueue_reload(snapshot: Snapshot) -> None:
    key = f"{snapshot.pk}:again:{int(timezone.now().timestamp())}"
    jobs.enqueue("rolls.after_live", key=key, args={"snapshot_id": snapshot.pk, "run": RELOAD})


def queue_check() -> None:
    """Queue the day's comparison of every index with its roll; called by the scheduler."""
    jobs.enqueue("rolls.check_index", key=timezone.now().date().isoformat(), args={})


def check_indexes() -> dict[str, int]:
    """Compare every index with its roll, counts and a sample; one that differs is made anew, and answers until then.

       Returns how many differ.
    Protected voters are dropped again, whatever was found.
    """
    found = {}
    for state, snapshot in snapshot_files.live_snapshots().items():
        found[state] = voter_index().differences(snapshot)
        if found[state]:
            log.warning("voter_index.drift", state=state, count=found[state], snapshot_id=snapshot.pk)
            if not _is_queued(snapshot):
                _enqueue_reload(snapshot)
    _purge_all()
    return found


def _purge_all() -> int:
    keys = [
        bytes(key) for key in Suppression.objects.values_list("key_hash", flat=True).iterator(chunk_size=BATCH_SIZE)
    ]
    return voter_index().forget(keys) if keys else 0


def queue_purge() -> None:
    """Have protected voters leave the server; called in the transaction that protects them."""
    jobs.enqueue("rolls.purge_index", key=f"{time.time_ns()}", args={})


def delete_suppressed() -> None:
    """Drop every protected voter out of the server; for the worker."""
    _purge_all()
