"""Loading one file: parsed, written and indexed beside the live roll, then swapped in, or refused whole."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from apps.core.errors import BadInput, Refused, VotekinError
from apps.core.log import get_logger

from .. import drift, files, quarantine, snapshots
from ..layout import Layout
from ..models import Snapshot
from ..reading.opening import Part, file_hash, parts
from ..reading.rows import Bad, Batch, Table, fixed, table
from .indexing import Beside, Here, Indexing
from .memory import no_cycles
from .plan import Kept, Plan, Voters
from .seen import Seen
from .store import INDEX_FOLDER, Store

log = get_logger(__name__)

SMALL_FILE: Final = 4 << 20  # bytes; below, a second process costs more than it saves
MOST_STATES: Final = 100
DUPLICATE_SHARE: Final = 0.001
Watch = Callable[[int], object]


@dataclass(frozen=True)
class Request:
    """What to load, as the operator asked for it."""

    path: Path
    layout: Layout
    state: str = ""
    as_of: date | None = None
    accept: str = ""


@dataclass
class Report:
    """What came of a load."""

    read: int = 0
    loaded: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    quarantined: int = 0
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)
    first_faults: list[str] = field(default_factory=list)
    drift: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The report of the command."""
        return {
            "read": self.read,
            "loaded": self.loaded,
            "dropped": dict(sorted(self.dropped.items())),
            "quarantined": self.quarantined,
            "seconds": round(self.seconds, 2),
            "states": self.states,
            "ignored_columns": self.ignored_columns,
            "first_faults": self.first_faults,
        }


class DriftRefused(Refused):
    """What was loaded differs too much; it waits. `report` says what was found."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


def load(request: Request, *, watch: Watch = lambda rows: None) -> Report:
    """Load a file and let it go live; raises BadInput or Refused with the live roll as it was."""
    began = time.monotonic()
    with snapshots.one_load_at_a_time():
        snapshots.sweep()
        digest = file_hash_of(request.path)
        if request.accept and (waiting := _waiting(request, digest)):
            return _accept_waiting(request, waiting)
        with no_cycles():
            report = _Load(request, digest, watch).run()
    report.seconds = time.monotonic() - began
    log.info("roll.loaded", rows=report.loaded, quarantined=report.quarantined, seconds=round(report.seconds, 1))
    return report


def file_hash_of(path: Path) -> str:
    """Return the file's hash; BadInput where it cannot be read."""
    try:
        return file_hash(path)
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror}.") from error


def _waiting(request: Request, digest: str) -> list[Snapshot]:
    found = Snapshot.objects.waiting().filter(file_hash=digest, layout=request.layout.name)
    return list(found.filter(as_of=request.as_of) if request.as_of else found)


def _accept_waiting(request: Request, waiting: list[Snapshot]) -> Report:
    """Take what was loaded before and waits, instead of loading the same file again."""
    snapshots.go_live(waiting, accepted=request.accept)
    report = Report()
    for snapshot in waiting:
        counts = snapshot.counts
        report.read += counts["read"]
        report.loaded += counts["loaded"]
        report.dropped.update(counts["dropped"])
        report.quarantined += counts["quarantined"]
        report.states[snapshot.state] = counts["loaded"]
    return report


@dataclass
class _Roll:
    """One state of the file while it is loaded."""

    snapshot: Snapshot
    store: Store
    seen: Seen = field(default_factory=Seen)
    read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)  # stored at first, then dropped for another row's sake


class _Load:
    """One run: the rolls it makes, by state, and what it has counted."""

    def __init__(self, request: Request, digest: str, watch: Watch) -> None:
        self.request, self.digest, self.watch = request, digest, watch
        self.report = Report()
        self.rolls: dict[str, _Roll] = {}
        self.header: list[str] = []
        self.plan: Plan | None = None
        self.duplicates = 0
        self.name = f"{timezone.now():%Y%m%d-%H%M%S}-{digest[:8]}"
        self.kept_bad = 0
        self.indexing: Indexing = Here() if request.path.stat().st_size < SMALL_FILE else Beside()

    def run(self) -> Report:
        """Read, write, index, compare, swap."""
        try:
            for found in self._tables():
                self._table(found)
            self._finish()
        except BaseException as error:
            self._give_up(error)
            raise
        self._go_live()
        return self.report

    def _give_up(self, error: BaseException) -> None:
        self.indexing.abandon()
        reason = str(error) if isinstance(error, VotekinError) else type(error).__name__
        for roll in self.rolls.values():
            roll.store.close()
            snapshots.fail(roll.snapshot, reason)

    def _tables(self) -> Iterator[Table]:
        for part in parts(self.request.path):
            yield open_table(part, self.request.layout)

    def _table(self, found: Table) -> None:
        self.plan = Plan(
            self.request.layout,
            found.header,
            name=found.name,
            state=self.request.state,
            switched=switched(self.request.layout),
        )
        if not self.header:
            self.header = found.header
            self.report.ignored_columns = self.plan.unused()
        try:
            for batch in found.rows:
                self._batch(found.name, self.plan, batch)
        except sqlite3.Error as error:
            raise Refused(f"The roll cannot be written under DATA_DIR: {error}. Make room there.") from error
        except OSError as error:
            raise Refused(f"The roll cannot be written under DATA_DIR: {error.strerror}. Make room there.") from error

    def _batch(self, name: str, plan: Plan, batch: Batch) -> None:
        voters = plan.voters(batch)
        self.report.read += len(batch.rows) + len(batch.bad)
        for state, own in _by_state(voters).items():
            self._add(self._roll(state, plan), own, voters)
        for state in {state for _, state, _ in voters.withheld}:
            roll, own_rows = self._roll(state, plan), [row for row in voters.withheld if row[1] == state]
            roll.dropped.update(reason for reason, _, _ in own_rows)
            roll.store.withhold(voter_id for _, _, voter_id in own_rows if voter_id)
        self._bad(name, voters.bad)
        self.watch(len(batch.rows) + len(batch.bad))

    def _roll(self, state: str, plan: Plan) -> _Roll:
        roll = self.rolls.get(state)
        if roll is None:
            if len(self.rolls) >= MOST_STATES:
                raise Refused(
                    f"{plan.name}: more than {MOST_STATES} different states in the column of the state. "
                    "Name the right column in the layout."
                )
            roll = self.rolls[state] = self._begin(state, plan)
        return roll

    def _begin(self, state: str, plan: Plan) -> _Roll:
        request = self.request
        snapshot = snapshots.begin(
            state=state,
            layout=request.layout.name,
            source=request.layout.source[:200],
            file_name=request.path.name[:200],
            file_hash=self.digest,
            as_of=request.as_of or timezone.localdate(),
            columns=self.header,
        )
        return _Roll(snapshot, Store(snapshot.path, layout=request.layout, layers=list(plan.layers), state=state))

    def _add(self, roll: _Roll, own: list[int], voters: Voters) -> None:
        kept = [voters.kept[n] for n in own]
        registered = [n for n, voter in enumerate(kept) if voter.registered]
        again = {registered[n] for n in roll.seen.add([kept[n].voter_id for n in registered])}
        if again:
            self.duplicates += len(again)
            for n in sorted(again):
                voters.bad.append(Bad(voters.lines[own[n]], "an earlier line has the same id", "voter_id", ""))
            kept = [voter for n, voter in enumerate(kept) if n not in again]
        roll.read += len(kept)
        roll.store.add(kept)
        self.indexing.add(roll.snapshot.state, roll.snapshot.path / INDEX_FOLDER, _records(kept))

    def _bad(self, name: str, bad: list[Bad]) -> None:
        if not bad:
            return
        for row in bad:
            if row.structural and not self.request.accept:
                raise Refused(_in_words(name, row) + " Mend the line, or load with --accept to leave it out.")
        room = quarantine.MOST_ROWS - self.kept_bad
        quarantine.write(self.name, ((name, row) for row in bad[:room]))
        self.kept_bad += min(room, len(bad))
        self.report.quarantined += len(bad)
        self.report.first_faults += [_in_words(name, row) for row in bad[: 5 - len(self.report.first_faults)]]

    def _finish(self) -> None:
        """Make the indexes of both stores at once, and check that what was read can be a roll."""
        self._check()
        self.indexing.start_finishing()
        for roll in self.rolls.values():
            roll.late.update(roll.store.finish())
        built = self.indexing.finish()
        for state, roll in self.rolls.items():
            self._describe(roll, built.get(state, ("", 0))[0])

    def _check(self) -> None:
        report, name = self.report, self.request.path.name
        if not any(roll.store.by_status for roll in self.rolls.values()):
            why = report.first_faults[0] if report.first_faults else f"{name}: there are no rows under the header."
            raise Refused(f"Nothing could be loaded. {why}")
        if report.quarantined > report.read / 2:
            raise Refused(f"More than half of the rows cannot be read. {report.first_faults[0]}")
        if self.duplicates > DUPLICATE_SHARE * report.read and not self.request.accept:
            first = next(f for f in report.first_faults if "same id" in f)
            raise Refused(
                f"{self.duplicates:,} rows repeat a voter id. {first} Is voter_id the right column? "
                "Load with --accept to keep the first row of each."
            )
        for state, roll in self.rolls.items():
            if not any(roll.store.by_status[s] for s in self.request.layout.status.registered.values()):
                raise Refused(f"{name}: no row of {state or 'no state'} is registered. Check the status column.")

    def _describe(self, roll: _Roll, index_hash: str) -> None:
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
            "hidden": roll.late["confidential"],
            "quarantine": self.name,
        }
        self.report.loaded += loaded
        self.report.dropped.update(dropped)
        self.report.states[roll.snapshot.state] = loaded

    def _go_live(self) -> None:
        beyond = self._compare()
        made = [roll.snapshot for roll in self.rolls.values()]
        if beyond and not self.request.accept:
            for snapshot in made:
                snapshots.wait(snapshot)
            raise DriftRefused(
                "The roll differs from the live one more than it may, and waits: "
                + " ".join(beyond)
                + " The live roll stays. If this is right, load the file again with --accept and the reason.",
                self.report,
            )
        snapshots.go_live(made, accepted=self.request.accept)

    def _compare(self) -> list[str]:
        live = files.live()
        beyond = []
        for state, roll in self.rolls.items():
            if state in live:
                found = drift.compare(roll.snapshot, live[state])
                found.beyond += _was_retired(roll.snapshot)
                roll.snapshot.drift = found.as_json()
                self.report.drift[state] = found.as_json()
                beyond += found.beyond
        return beyond


def _was_retired(snapshot: Snapshot) -> list[str]:
    """Say so where this very file was live before and another took its place."""
    same = Snapshot.objects.of_state(snapshot.state).filter(file_hash=snapshot.file_hash)
    if same.filter(status="live").exists() or not same.filter(status="retired").exists():
        return []
    return ["This very file was live before and was replaced."]


def _by_state(voters: Voters) -> dict[str, list[int]]:
    states = set(voters.states)
    if len(states) == 1:
        return {states.pop(): list(range(len(voters.kept)))}
    found: dict[str, list[int]] = {}
    for n, state in enumerate(voters.states):
        found.setdefault(state, []).append(n)
    return found


def _records(kept: list[Kept]) -> list[Any]:
    """Only who is registered can be found by matching."""
    return [voter.record() for voter in kept if voter.registered]


def _in_words(name: str, row: Bad) -> str:
    column = f", column {row.column}" if row.column else ""
    return f"{name} line {row.line}{column}: {row.reason}."


def open_table(part: Part, layout: Layout) -> Table:
    """Open one text as the layout says it is."""
    if layout.format == "fixed":
        return fixed(part, fallback=layout.encoding, widths=layout.widths)
    return table(part, fallback=layout.encoding, delimiter=layout.delimiter, names=layout.names, header=layout.header)


def switched(layout: Layout) -> frozenset[str]:
    """The personal columns that are loaded: those the operator switched on, and all of a file of their own."""
    names = ("phone", "email")
    return frozenset(name for name in names if layout.own_file or getattr(settings, f"LOAD_{name.upper()}", False))
