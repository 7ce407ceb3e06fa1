"""Loading one file: parsed, written and indexed beside the live roll, then swapped in, or refused whole."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

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
from .dedupe import IdSet
from .indexing import Indexing, InProcessIndexing, SubprocessIndexing
from .plan import RECORD_POSITIONS, ColumnPlan, ParsedBatch, StoredVoter
from .request import DriftRefused, LoadReport, LoadRequest, ProgressCallback, describe_bad_row, files_digest
from .store import INDEX_FOLDER, SnapshotWriter
from .tables import enabled_opt_in_fields, open_table

__all__ = ["DriftRefused", "LoadReport", "LoadRequest", "load"]

log = get_logger(__name__)

SMALL_FILE_BYTES: Final = 4 << 20  # bytes; below, a second process costs more than it saves
MAX_STATES: Final = 100
PROGRESS_SECONDS: Final = 2
MAX_DUPLICATE_SHARE: Final = 0.001


def load(request: LoadRequest, *, watch: ProgressCallback = lambda rows: None) -> LoadReport:
    """Load a file and let it go live; raises BadInput or Refused with the live roll as it was."""
    began = time.monotonic()
    with snapshots.load_lock():
        snapshots.remove_abandoned_loads()
        digest = files_digest(request.paths)
        if request.accept and (waiting := _waiting_snapshots(request, digest)):
            return _accept_waiting(request, waiting)
        with no_cycles():
            report = _RollLoad(request, digest, watch).run()
    report.seconds = time.monotonic() - began
    log.info("roll.loaded", rows=report.loaded, quarantined=report.quarantined, seconds=round(report.seconds, 1))
    return report


def _waiting_snapshots(request: LoadRequest, digest: str) -> list[Snapshot]:
    found = Snapshot.objects.waiting().filter(file_hash=digest, layout=request.layout.name)
    return list(found.filter(as_of=request.as_of) if request.as_of else found)


def _accept_waiting(request: LoadRequest, waiting: list[Snapshot]) -> LoadReport:
    """Take what was loaded before and waits, instead of loading the same file again."""
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
    """One state of the file while it is loaded."""

    snapshot: Snapshot
    store: SnapshotWriter
    seen: IdSet = field(default_factory=IdSet)
    read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)  # stored at first, then dropped for another row's sake


class _RollLoad:
    """One run: the rolls it makes, by state, and what it has counted."""

    def __init__(self, request: LoadRequest, digest: str, watch: ProgressCallback) -> None:
        self.request, self.digest, self.watch = request, digest, watch
        self.report = LoadReport()
        self.rolls: dict[str, _StateLoad] = {}
        self.header: list[str] = []
        self.kinds: dict[str, str] = {}
        self.parts = 0
        self.duplicates = 0
        self.protected = suppression.SuppressionList()
        self.name = f"{timezone.now():%Y%m%d-%H%M%S}-{digest[:8]}"
        self.kept_bad = 0
        size = sum(path.stat().st_size for path in request.paths)
        self.indexing: Indexing = InProcessIndexing() if size < SMALL_FILE_BYTES else SubprocessIndexing()
        self.told_at = 0.0

    def run(self) -> LoadReport:
        """Read, write, index, compare, swap."""
        try:
            with _disk_errors_refused():
                with self._phase("read"):
                    for found in self._tables():
                        self._table(found)
                self._finish()
        except BaseException as error:
            self._give_up(error)
            raise
        self._go_live()
        return self.report

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.report.phases[name] = time.monotonic() - began

    def _give_up(self, error: BaseException) -> None:
        self.indexing.abandon()
        reason = str(error) if isinstance(error, VotekinError) else type(error).__name__
        for roll in self.rolls.values():
            roll.store.close()
            snapshots.fail(roll.snapshot, reason)

    def _tables(self) -> Iterator[Table]:
        for path in self.request.paths:
            for part in open_parts(path, self.request.layout.skip_files):
                self.parts += 1
                yield open_table(part, self.request.layout)

    def _table(self, found: Table) -> None:
        plan = ColumnPlan(
            self.request.layout,
            found.header,
            name=found.name,
            state=self.request.state,
            switched=enabled_opt_in_fields(self.request.layout),
        )
        if not self.header:
            self.header = found.header
            self.report.ignored_columns = plan.unused()
        for batch in found.rows:
            if not self.kinds and len(batch.rows) >= type_inference.MIN_ROWS:
                self._judge(found.name, plan, batch)
            self._batch(found.name, plan, batch)

    def _judge(self, name: str, plan: ColumnPlan, batch: Batch) -> None:
        """See what the columns hold before anything is stored; a header that was shuffled shows here."""
        self.kinds = type_inference.infer_types(plan.header, batch.rows)
        misfits = type_inference.describe_misfits(plan.raw(batch.rows[: type_inference.SAMPLE_ROWS]))
        if misfits and not self.request.accept:
            raise Refused(
                f"{name}: the header does not fit the columns under it: {', '.join(misfits)}. Was it shuffled, or is "
                "this another layout? See check_layout; mend the file or the layout, or load with --accept."
            )

    def _batch(self, name: str, plan: ColumnPlan, batch: Batch) -> None:
        voters = plan.voters(batch)
        self.report.read += len(batch.rows) + len(batch.bad)
        for state, own in _positions_by_state(voters).items():
            self._add(self._roll(state, plan), own, voters)
        for state in {state for _, state, _ in voters.withheld}:
            roll, own_rows = self._roll(state, plan), [row for row in voters.withheld if row[1] == state]
            roll.dropped.update(reason for reason, _, _ in own_rows)
            roll.store.withhold(voter_id for _, _, voter_id in own_rows if voter_id)
        self._bad(name, voters.bad)
        self.watch(len(batch.rows) + len(batch.bad))
        if time.monotonic() - self.told_at > PROGRESS_SECONDS:
            self.told_at = time.monotonic()
            snapshots.record_progress([roll.snapshot for roll in self.rolls.values()], self.report.read)

    def _roll(self, state: str, plan: ColumnPlan) -> _StateLoad:
        roll = self.rolls.get(state)
        if roll is None:
            if len(self.rolls) >= MAX_STATES:
                raise Refused(
                    f"{plan.name}: more than {MAX_STATES} different states in the column of the state. "
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

    def _add(self, roll: _StateLoad, own: list[int], voters: ParsedBatch) -> None:
        own = self._unprotected(roll, own, voters)
        kept = voters.kept if len(own) == len(voters.kept) else [voters.kept[n] for n in own]
        registered = [n for n, counts in enumerate(map(itemgetter(2), kept)) if counts]
        again = {registered[n] for n in roll.seen.add([kept[n][0] for n in registered])}
        if again:
            self.duplicates += len(again)
            for n in sorted(again):
                voters.bad.append(BadRow(voters.lines[own[n]], "an earlier line has the same id", "voter_id", ""))
            kept = [voter for n, voter in enumerate(kept) if n not in again]
        roll.read += len(kept)
        roll.store.add(kept)
        self.indexing.add(roll.snapshot.state, roll.snapshot.path / INDEX_FOLDER, _matching_records(kept))

    def _unprotected(self, roll: _StateLoad, own: list[int], voters: ParsedBatch) -> list[int]:
        """Leave out who asked not to be found: never stored, never in the index."""
        if not self.protected:
            return own
        hidden = self.protected.among(roll.snapshot.state, [voters.kept[n].voter_id for n in own])
        roll.dropped["suppressed"] += len(hidden)
        return [n for place, n in enumerate(own) if place not in hidden]

    def _bad(self, name: str, bad: list[BadRow]) -> None:
        if not bad:
            return
        for row in bad:
            if row.structural and not self.request.accept:
                raise Refused(describe_bad_row(name, row) + " Mend the line, or load with --accept to leave it out.")
        room = quarantine.MAX_ROWS_PER_LOAD - self.kept_bad
        quarantine.write(self.name, ((name, row) for row in bad[:room]))
        self.kept_bad += min(room, len(bad))
        self.report.quarantined += len(bad)
        self.report.first_faults += [describe_bad_row(name, row) for row in bad[: 5 - len(self.report.first_faults)]]

    def _finish(self) -> None:
        """Make the indexes of both stores at once, and check that what was read can be a roll."""
        self._check()
        self.indexing.start_finishing()
        with self._phase("store"):
            for roll in self.rolls.values():
                roll.late.update(roll.store.finish())
        with self._phase("index"):  # beside the store, as far as there are two cores
            built = self.indexing.finish()
        for state, roll in self.rolls.items():
            self._describe(roll, built.get(state, ("", 0))[0])
        with self._phase("certify"):
            for roll in self.rolls.values():
                certify_snapshot(roll.snapshot)

    def _check(self) -> None:
        report, name = self.report, self.request.names
        if self.parts < self.request.layout.files:
            report.notes.append(
                f"This roll usually comes in {self.request.layout.files} files; {self.parts} was read. "
                "Name all of them in one command."
            )
        if not any(roll.store.by_status for roll in self.rolls.values()):
            why = report.first_faults[0] if report.first_faults else f"{name}: there are no rows under the header."
            raise Refused(f"Nothing could be loaded. {why}")
        if report.quarantined > report.read / 2:
            raise Refused(f"More than half of the rows cannot be read. {report.first_faults[0]}")
        if self.duplicates > MAX_DUPLICATE_SHARE * report.read and not self.request.accept:
            first = next(f for f in report.first_faults if "same id" in f)
            raise Refused(
                f"{self.duplicates:,} rows repeat a voter id. {first} Is voter_id the right column? "
                "Load with --accept to keep the first row of each."
            )
        for state, roll in self.rolls.items():
            if not any(roll.store.by_status[s] for s in self.request.layout.status.registered.values()):
                raise Refused(f"{name}: no row of {state or 'no state'} is registered. Check the status column.")

    def _describe(self, roll: _StateLoad, index_hash: str) -> None:
        counts = roll.store.by_status
        # The state of a row that cannot be read is not known: the file's first roll answers for it.
        quarantined = self.report.quarantined if roll is next(iter(self.rolls.values())) else 0
        loaded = sum(counts.values()) - roll.late.total()
        dropped = {reason: n for reason, n in sorted((roll.dropped + roll.late).items()) if n}
        roll.snapshot.hash = index_hash
        roll.snapshot.counts = {
            "read": roll.read + roll.dropped.total() + quarantined,
            "loaded": loaded,
            "dropped": dropped,
            "quarantined": quarantined,
            "by_status": dict(sorted(counts.items())),
            "by_county": roll.store.by_county(),
            "by_district": roll.store.by_district(),
            "kinds": {c: k for c, k in self.kinds.items() if c in self.request.layout.lasting(self.header)},
            "protected_to": self.protected.newest,
            "hidden": roll.late["confidential"],
            "quarantine": self.name,
        }
        self.report.loaded += loaded
        self.report.dropped.update(dropped)
        self.report.states[roll.snapshot.state] = loaded

    def _go_live(self) -> None:
        with self._phase("drift"):
            beyond = self._compare()
        made = [roll.snapshot for roll in self.rolls.values()]
        if beyond and not self.request.accept:
            for snapshot in made:
                snapshots.mark_waiting(snapshot)
            raise DriftRefused(
                "The roll differs from the live one more than it may, and waits: "
                + " ".join(beyond)
                + " The live roll stays. If this is right, accept it on the staff's page of rolls, or load the file "
                "again with --accept and the reason.",
                self.report,
            )
        with self._phase("swap"):
            snapshots.go_live(made, accepted=self.request.accept)

    def _compare(self) -> list[str]:
        live = snapshot_files.live_snapshots()
        beyond = []
        for state, roll in self.rolls.items():
            if state in live:
                found = drift.compare(roll.snapshot, live[state], self.request.layout)
                found.beyond += _retired_file_findings(roll.snapshot)
                roll.snapshot.drift = found.as_json()
                self.report.drift[state] = found.as_json()
                beyond += found.beyond
        return beyond


@contextmanager
def _disk_errors_refused() -> Iterator[None]:
    """Say what to do where a file of the roll cannot be written, at whichever step."""
    try:
        yield
    except sqlite3.Error as error:
        raise Refused(f"The roll cannot be written under DATA_DIR: {error}. Make room there.") from error
    except OSError as error:
        raise Refused(f"The roll cannot be written under DATA_DIR: {error.strerror}. Make room there.") from error


def _retired_file_findings(snapshot: Snapshot) -> list[str]:
    """Say so where this very file was live before and another took its place."""
    same = Snapshot.objects.of_state(snapshot.state).filter(file_hash=snapshot.file_hash)
    if same.filter(status="live").exists() or not same.filter(status="retired").exists():
        return []
    return ["This very file was live before and was replaced."]


def _positions_by_state(voters: ParsedBatch) -> dict[str, list[int]]:
    states = set(voters.states)
    if len(states) == 1:
        return {states.pop(): list(range(len(voters.kept)))}
    found: dict[str, list[int]] = {}
    for n, state in enumerate(voters.states):
        found.setdefault(state, []).append(n)
    return found


def _matching_records(kept: list[StoredVoter]) -> list[Any]:
    """Only who is registered can be found by matching."""
    return list(map(itemgetter(*RECORD_POSITIONS), filter(itemgetter(2), kept)))
