"""Find the live snapshots, and open their files once per thread."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from apps.core.errors import Refused

from .loading.store import ROLL_FILE
from .models import LiveRoll, Snapshot

MAX_OPEN_FILES: Final = 8
SnapshotKey = tuple[int, datetime]
_thread_local = threading.local()


def snapshot_key(snapshot: Snapshot) -> SnapshotKey:
    """Return a key that stays unique even if the database is restored or replaced."""
    return snapshot.pk, snapshot.created_at


def live_snapshots() -> dict[str, Snapshot]:
    """Return the live snapshots by state; one small query."""
    live_rolls = LiveRoll.objects.select_related("snapshot").order_by("state")
    return {live_roll.state: live_roll.snapshot for live_roll in live_rolls}


def live_snapshot(state: str) -> Snapshot | None:
    """Return the live snapshot of one state."""
    live_roll = LiveRoll.objects.select_related("snapshot").filter(state=state).first()
    return live_roll.snapshot if live_roll else None


@contextmanager
def snapshot_db(snapshot: Snapshot) -> Iterator[sqlite3.Connection]:
    """Yield this thread's read-only connection to a snapshot's file; raise Refused if the file is missing."""
    files: OrderedDict[SnapshotKey, sqlite3.Connection] = _thread_local.__dict__.setdefault("files", OrderedDict())
    key = snapshot_key(snapshot)
    if key not in files:
        files[key] = _connect(snapshot)
        while len(files) > MAX_OPEN_FILES:
            files.popitem(last=False)[1].close()
    files.move_to_end(key)
    yield files[key]


def _connect(snapshot: Snapshot) -> sqlite3.Connection:
    path = snapshot.path / ROLL_FILE
    if not path.is_file():
        raise Refused(f"The files of {snapshot} are missing from DATA_DIR/rolls. Roll back, or load the roll again.")
    # Immutable: a finished file never changes, so SQLite needs no locks.
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
