"""Load a voter file: parse, write and index it beside the live roll, then swap it in, or refuse the whole load."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from apps.core.errors import Refused, VotekinError
from apps.core.log import get_logger
from apps.matching.gc import no_cycles

from .. import drift, quarantine, snapshot_files, snapshots, suppression
from ..certify import certify_snapshot
from ..models import Snapshot
from ..reading.opening import open_parts
from ..reading.rows import BadRow, Batch, Table
from . import type_inference
from .checks import check_counts
from .dates import DateFields
from .dedupe import IdSet
from .indexing import Indexing, InProcessIndexing, SubprocessIndexing
from .plan import ColumnPlan, ParsedBatch, matching_records, positions_by_state
from .request import (
    DriftRefused,
    LoadReport,
    LoadRequest,
    ProgressCallback,
    cure_of,
    describe_bad_row,
    files_digest,
)
from .store import INDEX_FOLDER, SnapshotWriter
from .tables import enabled_opt_in_fields, open_table

__all__ = ["DriftRefused", "LoadReport", "LoadRequest", "load"]

log = get_logger(__name__)

SMALL_FILE_BYTES: Final = 4 << 20  # below, starting a second process costs more than it saves
MAX_STATES: Final = 100
PROGRESS_SECONDS: Final = 2


def load(request: LoadRequest, *, progress: ProgressCallback = lambda rows: None) -> LoadReport:
    """Load a file and make it live; raise BadInput or Refused with the live roll unchanged.

    Calls `progress(rows)` after each batch. Raises DriftRefused if the roll differs too much and now waits.
    """
    began = time.monotonic()
    with snapshots.load_lock():
        snapshots.remove_abandoned_loads()
        digest = files_digest(request.paths)
        if request.accept and (waiting := _waiting_snapshots(request, digest)):
            return _accept_waiting(request, waiting)
        with no_cycles():
            report = _run(request, digest, progress)
    report.seconds = time.monotonic() - began
    log.info("roll.loaded", rows=report.loaded, quarantined=report.quarantined, seconds=round(report.seconds, 1))
    return report


def _run(request: LoadRequest, digest: str, progress: ProgressCallback) -> LoadReport:
    """Load, and load once more if the first rows showed another order of day and month than the whole column."""
    dates = DateFields(request.layout.dates, timezone.localdate())
    try:
        return _RollLoad(request, digest, progress, dates).run()
    except DateOrderChanged as changed:
        return _RollLoad(request, digest, progress, changed.dates).run()


def _waiting_snapshots(request: LoadRequest, digest: str) -> list[Snapshot]:
    snapshots_of_file = Snapshot.objects.waiting().filter(file_hash=digest, layout=request.layout.name)
    return list(snapshots_of_file.filter(as_of=request.as_of) if request.as_of else snapshots_of_file)


def _accept_waiting(request: LoadRequest, waiting: list[Snapshot]) -> LoadReport:
    """Make the waiting snapshots of the same file live instead of loading the file again."""
    snapshots.go_live(waiting, accepted=request.accept)
    report = LoadReport()
    for snapshot in waiting:
        counts = snapshot.counts
        report.read += counts["read"]
        report.loaded += counts["loaded"]
        report.dropped.update(counts["dropped"])
        report.quarantined += counts["quarantined"]
        report.states[snapshot.state] = counts["loaded"]
    return report


@dataclass
class _StateLoad:
    """One state's part of a load."""

    snapshot: Snapshot
    writer: SnapshotWriter
    ids: IdSet = field(default_factory=IdSet)
    read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)  # stored, then superseded by another row


class DateOrderChanged(VotekinError):
    """The whole column of dates shows another order than its first rows; `dates` reads it in that order."""

    def __init__(self, dates: DateFields) -> None:
        super().__init__("The dates are read again: the whole column shows another order of day and month.")
        self.dates = dates


class _RollLoad:
    """One run of a load: the state loads, by state, and the counts of its report."""

    def __init__(self, request: LoadRequest, digest: str, progress: ProgressCallback, dates: DateFields) -> None:
        self.request, self.digest, self.progress, self.dates = request, digest, progress, dates
        self.report = LoadReport()
        self.rolls: dict[str, _StateLoad] = {}
        self.header: list[str] = []
        self.kinds: dict[str, str] = {}
        self.parts = 0
        self.duplicates = 0
        self.suppressed = suppression.SuppressionList()
        self.name = f"{timezone.now():%Y%m%d-%H%M%S}-{digest[:8]}"
        self.quarantined_rows = 0
        size = sum(path.stat().st_size for path in request.paths)
        self.indexing: Indexing = InProcessIndexing() if size < SMALL_FILE_BYTES else SubprocessIndexing()
        self.reported_at = 0.0

    def run(self) -> LoadReport:
        """Read, write, index, compare and swap; on any error, discard the files and mark the snapshots failed."""
        try:
            with _disk_errors_refused():
                with self._phase("read"):
                    for table in self._tables():
                        self._read_table(table)
                self._finish()
        except BaseException as error:
            self._abandon(error)
            raise
        self._go_live()
        return self.report

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.report.phases[name] = time.monotonic() - began

    def _abandon(self, error: BaseException) -> None:
        self.indexing.abandon()
        if isinstance(error, DateOrderChanged):
            quarantine.remove(self.name)
        reason = str(error) if isinstance(error, VotekinError) else type(error).__name__
        for roll in self.rolls.values():
            roll.writer.close()
            snapshots.fail(roll.snapshot, reason)

    def _tables(self) -> Iterator[Table]:
        for path in self.request.paths:
            for part in open_parts(path, self.request.layout.skip_files):
                self.parts += 1
                yield open_table(part, self.request.layout)

    def _read_table(self, table: Table) -> None:
        plan = ColumnPlan(
            self.request.layout,
            table.header,
            name=table.name,
            state=self.request.state,
            switched=enabled_opt_in_fields(self.request.layout),
            as_of=self.request.as_of,
            dates=self.dates,
        )
        if not self.header:
            self.header = table.header
            self.report.ignored_columns = plan.unused_columns()
        for batch in table.rows:
            if not self.kinds and len(batch.rows) >= type_inference.MIN_ROWS:
                self._check_types(table.name, plan, batch)
            self._load_batch(table.name, plan, batch)
        self.report.removed["NUL bytes"] += table.cleaned.nul_bytes

    def _check_types(self, name: str, plan: ColumnPlan, batch: Batch) -> None:
        """Compare value types with the header before anything is stored, to detect a shuffled header."""
        self.kinds = type_inference.infer_types(plan.header, batch.rows)
        misfits = type_inference.describe_misfits(plan.raw_cells(batch.rows[: type_inference.SAMPLE_ROWS]))
        if misfits and not self.request.accept:
            raise Refused(
                f"{name}: the header does not match the columns: {', '.join(misfits)}. Is the header shuffled, or is "
                "this another layout? See check_layout; correct the file or the layout, or load with --accept."
            )

    def _load_batch(self, name: str, plan: ColumnPlan, batch: Batch) -> None:
        parsed = plan.parse(batch)
        self.report.removed["repeated headers"] += parsed.repeated_headers
        self.report.read += len(batch.rows) + len(batch.bad) - parsed.repeated_headers
        for state, positions in positions_by_state(parsed).items():
            self._add(self._roll(state, plan), positions, parsed)
        for state in {state for _, state, _ in parsed.withheld}:
            roll, withheld = self._roll(state, plan), [row for row in parsed.withheld if row[1] == state]
            roll.dropped.update(reason for reason, _, _ in withheld)
            roll.writer.withhold(voter_id for _, _, voter_id in withheld if voter_id)
        self._quarantine(name, parsed.bad)
        self.progress(len(batch.rows) + len(batch.bad))
        if time.monotonic() - self.reported_at > PROGRESS_SECONDS:
            self.reported_at = time.monotonic()
            snapshots.record_progress([roll.snapshot for roll in self.rolls.values()], self.report.read)

    def _roll(self, state: str, plan: ColumnPlan) -> _StateLoad:
        roll = self.rolls.get(state)
        if roll is None:
            if len(self.rolls) >= MAX_STATES:
                raise Refused(
                    f"{plan.name}: more than {MAX_STATES} different states in the state column. "
                    "Name the right column in the layout."
                )
            roll = self.rolls[state] = self._begin(state, plan)
        return roll

    def _begin(self, state: str, plan: ColumnPlan) -> _StateLoad:
        request = self.request
        snapshot = snapshots.create_snapshot(
            state=state,
            layout=request.layout.name,
            source=request.layout.source[:200],
            file_name=request.names[:200],
            file_hash=self.digest,
            as_of=request.as_of or timezone.localdate(),
            columns=self.header,
        )
        return _StateLoad(
            snapshot, SnapshotWriter(snapshot.path, layout=request.layout, layers=list(plan.layers), state=state)
        )

    def _add(self, roll: _StateLoad, positions: list[int], parsed: ParsedBatch) -> None:
        positions = self._without_suppressed(roll, positions, parsed)
        voters = [parsed.voters[n] for n in positions]
        registered = [n for n, voter in enumerate(voters) if voter.registered]
        duplicates = {registered[n] for n in roll.ids.add([voters[n].record.voter_id for n in registered])}
        if duplicates:
            self.duplicates += len(duplicates)
            for n in sorted(duplicates):
                line = parsed.lines[positions[n]]
                parsed.bad.append(BadRow(line, "an earlier line has the same id", "voter_id", ""))
            voters = [voter for n, voter in enumerate(voters) if n not in duplicates]
        roll.read += len(voters)
        roll.writer.add(voters)
        self.indexing.add(roll.snapshot.state, roll.snapshot.path / INDEX_FOLDER, matching_records(voters))

    def _without_suppressed(self, roll: _StateLoad, positions: list[int], parsed: ParsedBatch) -> list[int]:
        """Return the positions of voters who are not suppressed; the others are neither stored nor indexed."""
        if not self.suppressed:
            return positions
        ids = [parsed.voters[n].record.voter_id for n in positions]
        suppressed = self.suppressed.positions_in(roll.snapshot.state, ids)
        roll.dropped["suppressed"] += len(suppressed)
        return [n for index, n in enumerate(positions) if index not in suppressed]

    def _quarantine(self, name: str, bad: list[BadRow]) -> None:
        if not bad:
            return
        for row in bad:
            if row.structural and not self.request.accept:
                raise Refused(f"{describe_bad_row(name, row)} {cure_of(row)}")
        capacity = quarantine.MAX_ROWS_PER_LOAD - self.quarantined_rows
        quarantine.write(self.name, ((name, row) for row in bad[:capacity]))
        self.quarantined_rows += min(capacity, len(bad))
        self.report.quarantined += len(bad)
        self.report.first_errors += [describe_bad_row(name, row) for row in bad[: 5 - len(self.report.first_errors)]]

    def _finish(self) -> None:
        """Check the counts, then finish file and index in parallel, describe the snapshots, and certify them."""
        self._check()
        self.indexing.start_finishing()
        with self._phase("store"):
            for roll in self.rolls.values():
                roll.deleted.update(roll.writer.finish())
        with self._phase("index"):  # on a second core, in parallel with the store
            built = self.indexing.finish()
        for state, roll in self.rolls.items():
            self._describe(roll, built.get(state, ("", 0))[0])
        with self._phase("certify"):
            for roll in self.rolls.values():
                certify_snapshot(roll.snapshot)

    def _check(self) -> None:
        self._check_dates(self.request.names)
        by_state = {state: roll.writer.by_status for state, roll in self.rolls.items()}
        check_counts(self.report, self.request, by_state, parts=self.parts, duplicates=self.duplicates)

    def _check_dates(self, name: str) -> None:
        """Raise DateOrderChanged if the dates have to be read again, Refused if they cannot be read."""
        self.dates.settle()
        if columns := self.dates.reread():
            raise DateOrderChanged(DateFields(self.request.layout.dates, timezone.localdate(), columns, final=True))
        self.report.dates = self.dates.as_dict()
        self.report.notes += self.dates.sentences()
        if (problem := self.dates.problem()) and not self.request.accept:
            raise Refused(f"{name}, {problem}")

    def _describe(self, roll: _StateLoad, index_hash: str) -> None:
        counts = roll.writer.by_status
        # The state of an unreadable row is unknown, so the file's first state carries the count.
        quarantined = self.report.quarantined if roll is next(iter(self.rolls.values())) else 0
        loaded = sum(counts.values()) - roll.deleted.total()
        dropped = {reason: n for reason, n in sorted((roll.dropped + roll.deleted).items()) if n}
        roll.snapshot.hash = index_hash
        roll.snapshot.counts = {
            "read": roll.read + roll.dropped.total() + quarantined,
            "loaded": loaded,
            "dropped": dropped,
            "quarantined": quarantined,
            "by_status": dict(sorted(counts.items())),
            "by_county": roll.writer.by_county(),
            "by_district": roll.writer.by_district(),
            "kinds": {c: k for c, k in self.kinds.items() if c in self.request.layout.stable_columns(self.header)},
            "protected_to": self.suppressed.newest,
            "hidden": roll.deleted["confidential"],
            "quarantine": self.name,
        }
        self.report.loaded += loaded
        self.report.dropped.update(dropped)
        self.report.states[roll.snapshot.state] = loaded

    def _go_live(self) -> None:
        with self._phase("drift"):
            beyond = self._compare()
        loaded = [roll.snapshot for roll in self.rolls.values()]
        if beyond and not self.request.accept:
            for snapshot in loaded:
                snapshots.mark_waiting(snapshot)
            raise DriftRefused(
                "The roll differs from the live one by more than the limits, and waits: "
                + " ".join(beyond)
                + " The live roll is unchanged. If the new roll is right, accept it on the staff page of rolls, or "
                "load it again with --accept and the reason.",
                self.report,
            )
        with self._phase("swap"):
            snapshots.go_live(loaded, accepted=self.request.accept)

    def _compare(self) -> list[str]:
        live = snapshot_files.live_snapshots()
        beyond = []
        for state, roll in self.rolls.items():
            if state in live:
                report = drift.compare(roll.snapshot, live[state], self.request.layout)
                report.beyond += _retired_file_findings(roll.snapshot)
                roll.snapshot.drift = report.as_json()
                self.report.drift[state] = report.as_json()
                beyond += report.beyond
        return beyond


@contextmanager
def _disk_errors_refused() -> Iterator[None]:
    """Translate a disk error of any step into Refused that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise Refused(f"The roll cannot be written under DATA_DIR: {error}. Free space there.") from error
    except OSError as error:
        raise Refused(f"The roll cannot be written under DATA_DIR: {error.strerror}. Free space there.") from error


def _retired_file_findings(snapshot: Snapshot) -> list[str]:
    """Return a finding if this file was live before and was replaced."""
    same = Snapshot.objects.for_state(snapshot.state).filter(file_hash=snapshot.file_hash)
    if same.filter(status="live").exists() or not same.filter(status="retired").exists():
        return []
    return ["This file was live before and was replaced."]
