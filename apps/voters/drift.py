"""What differs between a snapshot and the live one, in plain words, and what of it is too much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from . import files
from .models import Snapshot

COUNTY_SHARE: Final = 0.05
STATUS_SHARE: Final = 0.05
GONE_SHARE: Final = 0.10
QUARANTINE_SHARE: Final = 0.02
FLOOR: Final = 10  # counts of fewer people are never told one by one
FEW_ROWS: Final = 20  # a county may gain or lose this many rows whatever the share
SAMPLE: Final = 20_000


@dataclass
class Drift:
    """Findings in words. `beyond` keeps a snapshot from going live until somebody accepts it."""

    beyond: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The report as it is stored with the snapshot."""
        return {"beyond": self.beyond, "notes": self.notes, "facts": self.facts}


def compare(new: Snapshot, old: Snapshot) -> Drift:
    """Compare a loaded snapshot with the live one of its state."""
    drift = Drift()
    _columns(drift, new, old)
    _age(drift, new.as_of, old.as_of)
    _counties(drift, new.counts["by_county"], old.counts["by_county"])
    _status(drift, new.counts["by_status"], old.counts["by_status"])
    _withheld(drift, new.counts["dropped"], old.counts["dropped"])
    _quarantine(drift, new.counts)
    _ids(drift, new, old)
    return drift


def _columns(drift: Drift, new: Snapshot, old: Snapshot) -> None:
    if new.layout != old.layout:
        drift.notes.append(f"The layout is {new.layout}; the live roll came by {old.layout}.")
        return
    drift.notes += columns_in_words(new.columns, old.columns)


def columns_in_words(new: list[str], old: list[str]) -> list[str]:
    """Say which columns came, went or moved since another header."""
    words = []
    added, gone = [c for c in new if c not in old], [c for c in old if c not in new]
    if added:
        words.append(f"New columns: {', '.join(added)}. They are not stored unless the layout names them.")
    if gone:
        words.append(f"Columns that are gone: {', '.join(gone)}.")
    kept = [c for c in old if c in new]
    if [c for c in new if c in old] != kept:
        words.append("The columns stand in another order; they are read by name, so this changes nothing.")
    return words


def _age(drift: Drift, new: date, old: date) -> None:
    if new < old:
        drift.beyond.append(f"This roll is of {new}, older than the live one of {old}.")


def _counties(drift: Drift, new: Mapping[str, int], old: Mapping[str, int]) -> None:
    for county in sorted({*new, *old}):
        now, before = new.get(county, 0), old.get(county, 0)
        name = county.title() or "no county"
        if abs(now - before) > FEW_ROWS and abs(now - before) > COUNTY_SHARE * before:
            drift.beyond.append(f"{name}: {now:,} rows, {before:,} in the live roll ({_percent(now, before)}).")
    total, was = sum(new.values()), sum(old.values())
    drift.facts["rows"], drift.facts["rows_before"] = total, was
    drift.notes.append(f"Rows: {total:,}; {was:,} in the live roll ({_percent(total, was)}).")


def _percent(now: int, before: int) -> str:
    return f"{100 * (now - before) / before:+.1f} %" if before else "new"


def _status(drift: Drift, new: Mapping[str, int], old: Mapping[str, int]) -> None:
    total, was = max(sum(new.values()), 1), max(sum(old.values()), 1)
    for status in sorted({*new, *old}):
        now, before = new.get(status, 0) / total, old.get(status, 0) / was
        if abs(now - before) > STATUS_SHARE:
            drift.beyond.append(f"Status {status}: {now:.1%} of the rows, {before:.1%} in the live roll.")


def _withheld(drift: Drift, new: Mapping[str, int], old: Mapping[str, int]) -> None:
    for reason in sorted({*new, *old}):
        now, before = new.get(reason, 0), old.get(reason, 0)
        drift.notes.append(f"Not stored as {reason}: {_floored(now)}; {_floored(before)} in the live roll.")
        if abs(now - before) > max(100, 0.5 * before):
            drift.beyond.append(f"Rows not stored as {reason} changed from {_floored(before)} to {_floored(now)}.")


def _floored(count: int) -> str:
    return f"{count:,}" if count >= FLOOR else f"fewer than {FLOOR}"


def _quarantine(drift: Drift, counts: Mapping[str, Any]) -> None:
    if counts["quarantined"] > max(FEW_ROWS, QUARANTINE_SHARE * counts["read"]):
        drift.beyond.append(f"{counts['quarantined']:,} of {counts['read']:,} rows could not be read.")


def _ids(drift: Drift, new: Snapshot, old: Snapshot) -> None:
    """Estimate from evenly spread samples how many voters came and went; exact for rolls below SAMPLE rows."""
    gone, came = _missing(old, new), _missing(new, old)
    drift.facts["gone_share"], drift.facts["new_share"] = round(gone, 4), round(came, 4)
    drift.notes.append(f"Voters of the live roll who are not in this one: {gone:.1%}. New ones: {came:.1%}.")
    if gone > GONE_SHARE and gone * sum(old.counts["by_county"].values()) > FEW_ROWS:
        drift.beyond.append(f"{gone:.1%} of the live roll's voter ids are not in this file.")


def _missing(of: Snapshot, in_: Snapshot) -> float:
    with files.opened(of) as db:
        (last,) = db.execute("SELECT max(rowid) FROM voter").fetchone()
        step = max(1, (last or 0) // SAMPLE)
        if step == 1:
            ids = db.execute("SELECT voter_id FROM voter").fetchall()
        else:
            every = ((n,) for n in range(1, last + 1, step))
            found = (db.execute("SELECT voter_id FROM voter WHERE rowid = ?", row).fetchone() for row in every)
            ids = [row for row in found if row]
    if not ids:
        return 0.0
    with files.opened(in_) as db:
        query = "SELECT 1 FROM voter WHERE voter_id = ?"
        return sum(1 for row in ids if db.execute(query, row).fetchone() is None) / len(ids)
