"""Create, fail, accept, swap, roll back and prune snapshots. A swap updates one row; files are removed afterwards."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.core.errors import Refused
from apps.core.log import get_logger
from apps.core.types import PassedThrough
from apps.jobs import jobs, task_names

from .models import LiveRoll, Snapshot
from .snapshot_files import live_snapshot

log = get_logger(__name__)
RETIRED_TO_KEEP: Final = 1  # in addition to the live one


def rolls_folder() -> Path:
    """Return the folder of all snapshots' files."""
    return Path(settings.DATA_DIR) / "rolls"


@contextmanager
def load_lock() -> Iterator[None]:
    """Lock loads and rollbacks; the system releases the lock when the process dies. Raises Refused if it is taken."""
    rolls_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (rolls_folder() / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused("Another roll is being loaded. Wait until it finishes, then try again.") from error
        yield


def create_snapshot(**facts: PassedThrough) -> Snapshot:
    """Create the row and the folder of a new load."""
    snapshot = Snapshot.objects.create(**facts)
    snapshot.folder = f"{snapshot.state or '_'}/{snapshot.pk}"
    snapshot.save(update_fields=["folder"])
    shutil.rmtree(snapshot.path, ignore_errors=True)  # left over if the database was replaced
    snapshot.path.mkdir(parents=True, mode=0o700)
    return snapshot


def record_progress(snapshots: Sequence[Snapshot], rows: int) -> None:
    """Store the number of rows read so far, for the staff page of rolls."""
    Snapshot.objects.loading().filter(pk__in=[s.pk for s in snapshots]).update(counts={"read": rows})


def fail(snapshot: Snapshot, reason: str) -> None:
    """Mark a load as failed and remove its files."""
    Snapshot.objects.filter(pk=snapshot.pk, status=Snapshot.Status.LOADING).update(
        status=Snapshot.Status.FAILED, reason=reason[:300], folder=""
    )
    shutil.rmtree(snapshot.path, ignore_errors=True)


def mark_waiting(snapshot: Snapshot) -> None:
    """Mark a loaded snapshot as waiting for acceptance; discard an earlier one that waits."""
    for earlier in Snapshot.objects.for_state(snapshot.state).waiting().exclude(pk=snapshot.pk):
        _discard(earlier, "A later load replaced it.")
    snapshot.status = Snapshot.Status.WAITING
    snapshot.save()


def go_live(snapshots: Sequence[Snapshot], *, accepted: str = "", actor: AbstractBaseUser | None = None) -> None:
    """Make snapshots live in one transaction, then prune older ones. `actor` is None for an operator's command."""
    now = timezone.now()
    with transaction.atomic():
        for snapshot in snapshots:
            snapshot.accepted = accepted[:200]
            snapshot.reason = ""
            _make_live(snapshot, now)
            facts = {"state": snapshot.state, "layout": snapshot.layout, "file": snapshot.file_hash[:16]}
            audit.log_write(actor=actor, action="roll.live", subject=snapshot, facts=facts, reason=accepted)
    for snapshot in snapshots:
        for waiting in Snapshot.objects.for_state(snapshot.state).waiting():
            _discard(waiting, "A later load replaced it.")
        prune(snapshot.state)


def accept(*, actor: AbstractBaseUser, snapshot: Snapshot, reason: str) -> None:
    """Make a waiting snapshot live; raise Refused while a load runs, and if the snapshot no longer waits."""
    with load_lock():
        waiting = Snapshot.objects.waiting().filter(pk=snapshot.pk).first()
        if waiting is None or not waiting.path.is_dir():
            raise Refused("This roll is no longer waiting. Reload the list.")
        go_live([waiting], accepted=reason, actor=actor)


def _make_live(snapshot: Snapshot, now: datetime) -> None:
    """Point the state's live roll at a snapshot, and enqueue the follow-up job in the same transaction."""
    roll = LiveRoll.objects.select_for_update().filter(state=snapshot.state).first()
    if roll is None:
        roll = LiveRoll.objects.create(state=snapshot.state, snapshot=snapshot)
    else:
        Snapshot.objects.filter(pk=roll.snapshot_id).update(status=Snapshot.Status.RETIRED, retired_at=now)
        roll.snapshot, roll.generation = snapshot, roll.generation + 1
        roll.save()
    snapshot.status, snapshot.live_at, snapshot.retired_at = Snapshot.Status.LIVE, now, None
    snapshot.save()
    key = f"{snapshot.state or '-'}:{snapshot.pk}:{roll.generation}"
    jobs.enqueue(task_names.AFTER_LIVE, key=key, args={"snapshot_id": snapshot.pk})


def roll_back(state: str, *, actor: AbstractBaseUser | None = None, reason: str = "") -> Snapshot:
    """Make the previous snapshot live again and return it; raise Refused if there is none."""
    with load_lock():
        current = live_snapshot(state)
        if current is None:
            raise Refused(f"No roll of {state or 'no state'} is live, so there is nothing to roll back.")
        previous: Snapshot | None = Snapshot.objects.rollback_candidates(state).first()
        if previous is None or not previous.path.is_dir():
            raise Refused(f"No earlier roll of {state or 'no state'} is stored. Load the older file again.")
        with transaction.atomic():
            _make_live(previous, timezone.now())
            facts: dict[str, int | str] = {"state": state, "from": current.pk}
            audit.log_write(actor=actor, action="roll.rolled_back", subject=previous, facts=facts, reason=reason)
    return previous


def prune(state: str) -> int:
    """Remove the files of retired snapshots except the last one; return how many were removed."""
    surplus = list(Snapshot.objects.rollback_candidates(state)[RETIRED_TO_KEEP:])
    for snapshot in surplus:
        _discard(snapshot, snapshot.reason, status=Snapshot.Status.RETIRED)
    return len(surplus)


def _discard(snapshot: Snapshot, reason: str, status: str = Snapshot.Status.FAILED) -> None:
    path = snapshot.path
    Snapshot.objects.filter(pk=snapshot.pk).update(status=status, reason=reason[:300], folder="")
    shutil.rmtree(path, ignore_errors=True)


def retire_without_files() -> int:
    """Retire snapshots whose files are gone, after a restore without rolls; return how many states must be loaded."""
    missing = [s for s in Snapshot.objects.exclude(folder="") if not s.path.is_dir()]
    with transaction.atomic():
        states = LiveRoll.objects.filter(snapshot__in=missing).delete()[0]
        Snapshot.objects.filter(pk__in=[s.pk for s in missing]).update(
            status=Snapshot.Status.RETIRED, folder="", reason="Its files are not in the restored backup."
        )
    return states


def clean_up(*, dry_run: bool = False) -> int:
    """Remove the remains of killed loads unless a load runs; return how many were removed."""
    try:
        with load_lock():
            return remove_abandoned_loads(dry_run=dry_run)
    except Refused:
        return 0  # a load is running


def remove_abandoned_loads(*, dry_run: bool = False) -> int:
    """Mark killed loads as failed and remove orphaned folders; the caller must hold `load_lock`."""
    dead = list(Snapshot.objects.loading())
    known = set(Snapshot.objects.exclude(folder="").exclude(status="loading").values_list("folder", flat=True))
    orphans = [p for p in rolls_folder().glob("*/*") if p.is_dir() and f"{p.parent.name}/{p.name}" not in known]
    if not dry_run:
        for snapshot in dead:
            fail(snapshot, "The load stopped before it finished.")
        for path in orphans:
            shutil.rmtree(path, ignore_errors=True)
        if dead or orphans:
            log.warning("rolls.swept", count=len(dead) + len(orphans))
    return len({*(s.folder for s in dead), *(os.path.relpath(p, rolls_folder()) for p in orphans)})
