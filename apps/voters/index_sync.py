"""What lets a search server follow the rolls: loaded step by step after a swap, mended where it drifted, purged.

The embedded index is made with its snapshot; here it is only built again where a file of it is damaged.
"""

import math
import time
from typing import Final

from django.utils import timezone

from apps.core.errors import BackendUnavailable, JobFailed
from apps.core.log import get_logger
from apps.jobs import jobs
from apps.jobs.models import Job

from . import roll_events, snapshot_files
from .models import Snapshot, Suppression
from .search.base import AGAIN, Watch, voter_index

log = get_logger(__name__)
STEP_SECONDS: Final = 10.0
_AT_ONCE: Final = 1_000


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
    roll_events.tell_live(snapshot.state, snapshot.pk)


def load_now(snapshot: Snapshot, watch: Watch, *, again: bool = False) -> None:
    """Take a snapshot in, in this process; `watch(row, total)` is called as it goes."""
    voter_index().take_in(snapshot, run=AGAIN if again else "", seconds=math.inf, watch=watch)
    _purge_all()


def mend(dry_run: bool) -> int:
    """Load again what has no index behind its alias; for the reconciler. A server that is away is nobody's drift."""
    try:
        missing = voter_index().behind()
    except (BackendUnavailable, JobFailed):
        return 0
    missing = [snapshot for snapshot in missing if not _under_way(snapshot)]
    if not dry_run:
        for snapshot in missing:
            _load_again(snapshot)
    return len(missing)


def _under_way(snapshot: Snapshot) -> bool:
    return bool(Job.objects.unfinished().filter(task="rolls.after_live", args__snapshot_id=snapshot.pk).exists())


def _load_again(snapshot: Snapshot) -> None:
    key = f"{snapshot.pk}:again:{int(timezone.now().timestamp())}"
    jobs.enqueue("rolls.after_live", key=key, args={"snapshot_id": snapshot.pk, "run": AGAIN})


def queue_check() -> None:
    """Queue the day's comparison of every index with its roll; called by the scheduler."""
    jobs.enqueue("rolls.check_index", key=timezone.now().date().isoformat(), args={})


def check() -> dict[str, int]:
    """Compare every index with its roll, counts and a sample; one that differs is made anew, and answers until then.

       Returns how many differ.
    Protected voters are dropped again, whatever was found.
    """
    found = {}
    for state, snapshot in snapshot_files.live().items():
        found[state] = voter_index().differences(snapshot)
        if found[state]:
            log.warning("voter_index.drift", state=state, count=found[state], snapshot_id=snapshot.pk)
            if not _under_way(snapshot):
                _load_again(snapshot)
    _purge_all()
    return found


def _purge_all() -> int:
    # A voter hidden at the person's own request stays in the index, for the voter's own look-up.
    withdrawn = Suppression.objects.exclude(by=Suppression.By.PERSON).values_list("key_hash", flat=True)
    keys = [bytes(key) for key in withdrawn.iterator(chunk_size=_AT_ONCE)]
    return voter_index().forget(keys) if keys else 0


def queue_purge() -> None:
    """Have protected voters leave the server; called in the transaction that protects them."""
    jobs.enqueue("rolls.purge_index", key=f"{time.time_ns()}", args={})


def purge() -> None:
    """Drop every protected voter out of the server; for the worker."""
    _purge_all()
