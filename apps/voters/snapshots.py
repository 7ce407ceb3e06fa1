"""Writes about snapshots: begin, fail, wait, go live, roll back, prune. A swap is one row; files follow."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.core.errors import Refused
from apps.core.log import get_logger
from apps.jobs import jobs

from .models import LiveRoll, Snapshot
from .snapshot_files import live_snapshot

log = get_logger(__name__)
RETIRED_TO_KEEP: Final = 1  # beside the live one: two in all


def rolls_folder() -> Path:
    """Where the files of all snapshots lie."""
    return Path(settings.DATA_DIR) / "rolls"


@contextmanager
def load_lock() -> Iterator[None]:
    """Hold the right to load or roll back; the system gives it back when the process dies."""
    rolls_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (rolls_folder() / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused("Another roll is being loaded. Wait until it ends, then start again.") from error
        yield


def create_snapshot(**facts: Any) -> Snapshot:
    """Write down that a load begins, and make its folder."""
    snapshot = Snapshot.objects.create(**facts)
    snapshot.folder = f"{snapshot.state or '_'}/{snapshot.pk}"
    snapshot.save(update_fields=["folder"])
    shutil.rmtree(snapshot.path, ignore_errors=True)  # of an installation whose database was replaced
    snapshot.path.mkdir(parents=True, mode=0o700)
    return snapshot


def record_progress(made: Sequence[Snapshot], rows: int) -> None:
    """Write down how far a load is, for whoever looks at the page of the rolls."""
    Snapshot.objects.loading().filter(pk__in=[s.pk for s in made]).update(counts={"read": rows})


def fail(snapshot: Snapshot, reason: str) -> None:
    """End a load that did not come through; its files go."""
    Snapshot.objects.filter(pk=snapshot.pk, status=Snapshot.Status.LOADING).update(
        status=Snapshot.Status.FAILED, reason=reason[:300], folder=""
    )
    shutil.rmtree(snapshot.path, ignore_errors=True)


def mark_waiting(snapshot: Snapshot) -> None:
    """Keep a loaded snapshot until its drift is accepted; an earlier one that waits gives way."""
    for earlier in Snapshot.objects.of_state(snapshot.state).waiting().exclude(pk=snapshot.pk):
        _discard(earlier, "A later load took its place.")
    snapshot.status = Snapshot.Status.WAITING
    snapshot.save()


def go_live(snapshots: Sequence[Snapshot], *, accepted: str = "", actor: Any = None) -> None:
    """Let snapshots answer from now on, all in one transaction; without an actor an operator's command did it."""
    now = timezone.now()
    with transaction.atomic():
        for snapshot in snapshots:
            snapshot.accepted = accepted[:200]
            snapshot.reason = ""
            _make_live(snapshot, now)
            facts = {"state": snapshot.state, "layout": snapshot.layout, "file": snapshot.file_hash[:16]}
            audit.log_write(actor=actor, action="roll.live", subject=snapshot, facts=facts, reason=accepted)
    for snapshot in snapshots:
        for waiting in Snapshot.objects.of_state(snapshot.state).waiting():
            _discard(waiting, "A later load took its place.")
        prune(snapshot.state)


def accept(*, actor: Any, snapshot: Snapshot, reason: str) -> None:
    """Let one waiting snapshot go live; raises Refused where a load runs, or where it waits no more."""
    with load_lock():
        waiting = Snapshot.objects.waiting().filter(pk=snapshot.pk).first()
        if waiting is None or not waiting.path.is_dir():
            raise Refused("This roll waits no more. Look at the list again.")
        go_live([waiting], accepted=reason, actor=actor)


def _make_live(snapshot: Snapshot, now: Any) -> None:
    """Move the state's pointer; what has to follow a swap is enqueued in the same transaction."""
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
    jobs.enqueue("rolls.after_live", key=key, args={"snapshot_id": snapshot.pk})


def roll_back(state: str, *, actor: Any = None, reason: str = "") -> Snapshot:
    """Let the snapshot before the live one answer again; raises Refused where there is none."""
    with load_lock():
        current = live_snapshot(state)
        if current is None:
            raise Refused(f"No roll of {state or 'no state'} is live, so there is nothing to roll back.")
        before: Snapshot | None = Snapshot.objects.to_go_back_to(state).first()
        if before is None or not before.path.is_dir():
            raise Refused(f"No earlier roll of {state or 'no state'} is kept. Load the older file again.")
        with transaction.atomic():
            _make_live(before, timezone.now())
            facts: dict[str, int | str] = {"state": state, "from": current.pk}
            audit.log_write(actor=actor, action="roll.rolled_back", subject=before, facts=facts, reason=reason)
    return before


def prune(state: str) -> int:
    """Remove the files of retired snapshots beyond the last; returns how many."""
    old = list(Snapshot.objects.to_go_back_to(state)[RETIRED_TO_KEEP:])
    for snapshot in old:
        _discard(snapshot, snapshot.reason, status=Snapshot.Status.RETIRED)
    return len(old)


def _discard(snapshot: Snapshot, reason: str, status: str = Snapshot.Status.FAILED) -> None:
    path = snapshot.path
    Snapshot.objects.filter(pk=snapshot.pk).update(status=status, reason=reason[:300], folder="")
    shutil.rmtree(path, ignore_errors=True)


def clean_up(*, dry_run: bool = False) -> int:
    """Remove what loads that were killed left behind; only while no load runs. Returns how many."""
    try:
        with load_lock():
            return remove_abandoned_loads(dry_run=dry_run)
    except Refused:
        return 0  # a load runs; it is not dead


def remove_abandoned_loads(*, dry_run: bool = False) -> int:
    """Do the work of clean_up for a caller who holds the right to load."""
    dead = list(Snapshot.objects.loading())
    known = set(Snapshot.objects.exclude(folder="").exclude(status="loading").values_list("folder", flat=True))
    orphans = [p for p in rolls_folder().glob("*/*") if p.is_dir() and f"{p.parent.name}/{p.name}" not in known]
    if not dry_run:
        for snapshot in dead:
            fail(snapshot, "The load was stopped before it ended.")
        for path in orphans:
            shutil.rmtree(path, ignore_errors=True)
        if dead or orphans:
            log.warning("rolls.swept", count=len(dead) + len(orphans))
    return len({*(s.folder for s in dead), *(os.path.relpath(p, rolls_folder()) for p in orphans)})
