"""The weekly refresh: load every source whose folder has files that are not live yet, one source after another.

The operator, or cron and curl, puts files into DATA_DIR/incoming/LAYOUT or LAYOUT-XX (XX is the state, for layouts
without one). All files of a folder are one roll; names that begin with a dot or end in .part are incomplete downloads.
The roll's date is that of the newest file. The refresh never moves or deletes a file.
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
from apps.jobs import jobs, task_names
from apps.jobs.models import Job
from apps.matching.normalize.places import state as state_code

from . import snapshots, subprocesses
from .layout import Layout, load_layout
from .loading.load import DriftRefused, LoadRequest, load
from .loading.request import files_digest
from .models import Refresh, Snapshot

TASK: Final = task_names.REFRESH_ROLLS
STOPPED_MESSAGE: Final = "The load stopped before it finished. The live roll is unchanged; start the refresh again."
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
        """Return the date of the newest file, today at the latest."""
        newest = max(path.stat().st_mtime for path in self.files)
        return min(datetime.fromtimestamp(newest, UTC).date(), timezone.localdate())


def incoming_folder() -> Path:
    """Return the folder into which the operator puts voter files."""
    return Path(settings.DATA_DIR) / "incoming"


def incoming_sources() -> list[Source]:
    """Return the sources that have files, by name."""
    sources = []
    for folder in sorted(p for p in incoming_folder().glob("*") if p.is_dir()):
        files = sorted(p for p in folder.iterdir() if p.is_file() and p.name[0] != "." and p.suffix != ".part")
        layout, _, state = folder.name.partition("-")
        if files:
            sources.append(Source(folder.name, layout, state_code(state) if state else "", files))
    return sources


def refresh_all(on_result: Callable[[Refresh], object] = lambda result: None) -> list[Refresh]:
    """Load the new files of every source; a source that fails does not stop the others.

    Calls `on_result` after each source. Raises Refused if there is no source.
    """
    sources = incoming_sources()
    if not sources:
        raise Refused(f"{incoming_folder()} has no files. Put a state's files into a folder named like its layout.")
    results = []
    for source in sources:
        results.append(refresh(source))
        on_result(results[-1])
    return results


def refresh(source: Source) -> Refresh:
    """Load one source unless its files are live already; return the row with its outcome."""
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
    """Return the first finding and how many more there are; the roll's page lists them all."""
    beyond = [finding for report in error.report.drift.values() for finding in report["beyond"]]
    more = f" And {len(beyond) - 1} more findings." if len(beyond) > 1 else ""
    return f"{beyond[0]}{more} The live roll is unchanged. Accept the new one with a reason if it is right."


def _record_outcome(row: Refresh, outcome: str, message: str) -> None:
    row.outcome, row.message, row.ended_at = outcome, message[:500], timezone.now()
    row.save()


def end_stopped_refreshes(dry_run: bool) -> int:
    """End the rows of refreshes that were killed; for the reconciler. Does nothing while a load runs."""
    running = Refresh.objects.filter(outcome=Refresh.Outcome.RUNNING)
    try:
        with snapshots.load_lock():
            if dry_run:
                return running.count()
            return running.update(outcome=Refresh.Outcome.REFUSED, message=STOPPED_MESSAGE, ended_at=timezone.now())
    except Refused:
        return 0


def _load(source: Source, layout: Layout) -> tuple[str, str]:
    digest = files_digest(source.files)
    same = Snapshot.objects.filter(file_hash=digest, layout=layout.name)
    if same.filter(status=Snapshot.Status.LIVE).exists():
        return Refresh.Outcome.SAME, "These files are live already."
    if waiting := same.filter(status=Snapshot.Status.WAITING).first():
        return Refresh.Outcome.WAITING, waiting.reason or "These files were loaded before and wait for acceptance."
    first, *more = source.files
    report = load(LoadRequest(path=first, more=more, layout=layout, state=source.state, as_of=source.as_of))
    return Refresh.Outcome.LIVE, f"{report.loaded:,} voters are live, {report.quarantined:,} rows quarantined."


def start_refresh_process() -> None:
    """Start `refresh_rolls` in a separate process, because a load exceeds the task time limit. For the worker.

    Safe to run twice: the second process waits at the first one's lock and then has nothing new to load.
    """
    subprocesses.spawn("refresh_rolls", log="refresh.log")


def enqueue_refresh() -> bool:
    """Queue a refresh; return False if one is queued or running already."""
    with transaction.atomic():
        queued = Job.objects.unfinished().filter(task=TASK)
        if queued.exists() or Refresh.objects.filter(outcome=Refresh.Outcome.RUNNING).exists():
            return False
        jobs.enqueue(TASK, key=uuid.uuid4().hex, args={}, priority=4)
    return True
