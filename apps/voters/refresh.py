"""The weekly refresh: every source whose folder holds a file that is not live yet is loaded, one after the other.

Files are put into DATA_DIR/incoming/LAYOUT or LAYOUT-XX (XX the state, for layouts without one) by whatever fetches
them: cron and curl, or a person. All files of a folder are one roll; names that begin with a dot or end in .part are
not finished. The roll's date is that of the newest file. Nothing in the folder is moved or deleted.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.core.errors import Refused, VotekinError
from apps.jobs import jobs
from apps.jobs.models import Job
from apps.matching.normalize.places import state as state_code

from . import snapshots, subprocesses
from .layout import Layout, load_layout
from .loading.load import DriftRefused, LoadRequest, load
from .loading.request import files_digest
from .models import Refresh, Snapshot

TASK: Final = "rolls.refresh"
STOPPED_MESSAGE: Final = "The load ended in the middle. The live roll stays; start the refresh again."
NEEDS_ATTENTION: Final = (Refresh.Outcome.WAITING, Refresh.Outcome.REFUSED)


@dataclass(frozen=True)
class Source:
    """A folder of incoming files."""

    name: str
    layout: str
    state: str
    files: list[Path]

    @property
    def as_of(self) -> date:
        """The day of the newest file."""
        newest = max(path.stat().st_mtime for path in self.files)
        return min(datetime.fromtimestamp(newest, UTC).date(), timezone.localdate())


def incoming_folder() -> Path:
    """Where files are put."""
    return Path(settings.DATA_DIR) / "incoming"


def incoming_sources() -> list[Source]:
    """Return the folders that hold files, by name."""
    found = []
    for folder in sorted(p for p in incoming_folder().glob("*") if p.is_dir()):
        files = sorted(p for p in folder.iterdir() if p.is_file() and p.name[0] != "." and p.suffix != ".part")
        layout, _, state = folder.name.partition("-")
        if files:
            found.append(Source(folder.name, layout, state_code(state) if state else "", files))
    return found


def refresh_all(told: Callable[[Refresh], object] = lambda one: None) -> list[Refresh]:
    """Load what is new of every source; one source's trouble never stops another. Raises Refused without sources."""
    every = incoming_sources()
    if not every:
        raise Refused(
            f"No file waits in {incoming_folder()}. Put a state's files into a folder named like its layout there."
        )
    done = []
    for source in every:
        done.append(refresh(source))
        told(done[-1])
    return done


def refresh(source: Source) -> Refresh:
    """Load one source where its files are not live already; what came of it is kept for the page of the rolls."""
    row = Refresh.objects.create(source=source.name, files=", ".join(p.name for p in source.files)[:200])
    try:
        outcome, message = _load(source, load_layout(source.layout))
    except DriftRefused as error:
        outcome, message = Refresh.Outcome.WAITING, _drift_summary(error)
    except VotekinError as error:
        outcome, message = Refresh.Outcome.REFUSED, str(error)
    except BaseException:
        _record_outcome(row, Refresh.Outcome.REFUSED, STOPPED_MESSAGE)
        raise
    _record_outcome(row, outcome, message)
    return row


def _drift_summary(error: DriftRefused) -> str:
    """Say the first of what differs; the page of the roll says all of it."""
    beyond = [words for found in error.report.drift.values() for words in found["beyond"]]
    more = f" There is more: {len(beyond) - 1} findings." if len(beyond) > 1 else ""
    return f"{beyond[0]}{more} The live roll stays. Accept this one with a reason if it is right."


def _record_outcome(row: Refresh, outcome: str, message: str) -> None:
    row.outcome, row.message, row.ended_at = outcome, message[:500], timezone.now()
    row.save()


def end_stopped_refreshes(dry_run: bool) -> int:
    """End the rows of refreshes that were killed; for the reconciler, which looks only while no load runs."""
    stopped = Refresh.objects.filter(outcome=Refresh.Outcome.RUNNING)
    try:
        with snapshots.load_lock():
            if dry_run:
                return stopped.count()
            return stopped.update(outcome=Refresh.Outcome.REFUSED, message=STOPPED_MESSAGE, ended_at=timezone.now())
    except Refused:
        return 0


def _load(source: Source, layout: Layout) -> tuple[str, str]:
    digest = files_digest(source.files)
    same = Snapshot.objects.filter(file_hash=digest, layout=layout.name)
    if same.filter(status=Snapshot.Status.LIVE).exists():
        return Refresh.Outcome.SAME, "These files are live already."
    if waiting := same.filter(status=Snapshot.Status.WAITING).first():
        return Refresh.Outcome.WAITING, waiting.reason or "These files were loaded before and wait to be accepted."
    first, *more = source.files
    report = load(LoadRequest(path=first, more=more, layout=layout, state=source.state, as_of=source.as_of))
    return Refresh.Outcome.LIVE, f"{report.loaded:,} voters are live, {report.quarantined:,} rows quarantined."


def start_refresh_process() -> None:
    """Start the command in a process of its own: a load takes longer than any task may. For the worker.

    Run twice, the second finds the first one's lock, and then nothing new.
    """
    subprocesses.spawn("refresh_rolls", log="refresh.log")


def enqueue_refresh() -> bool:
    """Queue a refresh, however often the button is pressed; returns False where one is on its way already."""
    with transaction.atomic():
        asked = Job.objects.unfinished().filter(task=TASK)
        if asked.exists() or Refresh.objects.filter(outcome=Refresh.Outcome.RUNNING).exists():
            return False
        jobs.enqueue(TASK, key=uuid.uuid4().hex, args={}, priority=4)
    return True
