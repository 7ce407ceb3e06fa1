"""Compare a loaded snapshot with the live one, and report which differences exceed the limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from apps.core.disclosure import FLOOR

from . import snapshot_files
from .header_changes import describe_column_changes, describe_type_changes
from .layout import Layout, alternatives
from .loading.type_inference import ALLOWED_TYPES, EMPTY
from .models import Snapshot

COUNTY_SHARE: Final = 0.05
STATUS_SHARE: Final = 0.05
GONE_SHARE: Final = 0.10
CHANGED_SHARE: Final = 0.15  # of the voters on both rolls; a week changes under 1%
UNKNOWN_SHARE: Final = 0.02
QUARANTINE_SHARE: Final = 0.02
MIN_ROWS_TO_REPORT: Final = 20  # smaller changes are never reported, whatever the share
SAMPLE_ROWS: Final = 20_000
MAX_NAMES_LISTED: Final = 5
STABLE_TYPE_FIELDS: Final = (
    *ALLOWED_TYPES,
    "address",
    "sex",
    "county",
)  # fields whose kind of value never changes by itself
COMPARED_FIELDS: Final = ("first_name", "last_name", "dob", "birth_year", "address", "city", "zip", "status")


@dataclass
class DriftReport:
    """Findings as sentences. A snapshot with findings in `beyond` (the limits) waits for acceptance."""

    beyond: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the report as stored with the snapshot."""
        return {"beyond": self.beyond, "notes": self.notes, "facts": self.facts}


def compare(new: Snapshot, old: Snapshot, layout: Layout) -> DriftReport:
    """Compare a loaded snapshot with the live one of its state."""
    drift = DriftReport()
    _columns(drift, new, old, layout)
    _age(drift, new.as_of, old.as_of)
    _counties(drift, new.counts["by_county"], old.counts["by_county"])
    _status(drift, new.counts["by_status"], old.counts["by_status"])
    _districts(drift, new.counts.get("by_district", {}), old.counts.get("by_district", {}))
    _withheld(drift, new.counts["dropped"], old.counts["dropped"])
    _quarantine(drift, new.counts)
    _ids(drift, new, old)
    return drift


def _columns(drift: DriftReport, new: Snapshot, old: Snapshot, layout: Layout) -> None:
    if new.layout != old.layout:
        drift.notes.append(f"The layout is {new.layout}; the live roll was loaded with {old.layout}.")
        return
    drift.notes += describe_column_changes(new.columns, old.columns, layout)
    removed = {c.upper() for c in old.columns} - {c.upper() for c in new.columns}
    for name, source in layout.columns.items():
        choices = [columns[0] for columns in alternatives(source)]
        if removed & set(choices) and not any(c in {n.upper() for n in new.columns} for c in choices):
            drift.beyond.append(f"No column of the file supplies {name} any more.")
    stable_columns = {
        columns[0]
        for name in STABLE_TYPE_FIELDS
        if name in layout.columns
        for columns in alternatives(layout.columns[name])
    }
    now, before = new.counts.get("kinds", {}), old.counts.get("kinds", {})
    wrong = {c: k for c, k in now.items() if c.upper() in stable_columns and EMPTY not in (k, before.get(c))}
    drift.beyond += describe_type_changes(wrong, before)
    drift.notes += describe_type_changes({c: k for c, k in now.items() if c not in wrong}, before)


def _age(drift: DriftReport, new: date, old: date) -> None:
    if new < old:
        drift.beyond.append(f"This roll is dated {new}, older than the live one, dated {old}.")


def _counties(drift: DriftReport, new: Mapping[str, int], old: Mapping[str, int]) -> None:
    removed = [county.title() for county in old if county and county not in new]
    if removed:
        named = ", ".join(removed[:MAX_NAMES_LISTED]) + (
            f" and {len(removed) - MAX_NAMES_LISTED} more" if len(removed) > MAX_NAMES_LISTED else ""
        )
        drift.beyond.append(f"{len(removed)} of {len(old)} counties are missing: {named}. Is the file complete?")
    for county in sorted(new):  # missing counties are reported above
        now, before = new.get(county, 0), old.get(county, 0)
        name = county.title() or "no county"
        if abs(now - before) > MIN_ROWS_TO_REPORT and abs(now - before) > COUNTY_SHARE * before:
            drift.beyond.append(f"{name}: {now:,} rows, {before:,} in the live roll ({_percent(now, before)}).")
    total, total_before = sum(new.values()), sum(old.values())
    drift.facts["rows"], drift.facts["rows_before"] = total, total_before
    drift.notes.append(f"Rows: {total:,}; {total_before:,} in the live roll ({_percent(total, total_before)}).")


def _percent(now: int, before: int) -> str:
    return f"{100 * (now - before) / before:+.1f}%" if before else "new"


def _status(drift: DriftReport, new: Mapping[str, int], old: Mapping[str, int]) -> None:
    total, total_before = max(sum(new.values()), 1), max(sum(old.values()), 1)
    for status in sorted({*new, *old}):
        now, before = new.get(status, 0) / total, old.get(status, 0) / total_before
        if abs(now - before) > STATUS_SHARE:
            drift.beyond.append(f"Status {status}: {now:.1%} of the rows, {before:.1%} in the live roll.")


def _districts(drift: DriftReport, new: Mapping[str, Mapping[str, int]], old: Mapping[str, Mapping[str, int]]) -> None:
    """Report districts that are not in the live roll: redistricting, or a column with another meaning."""
    for layer in sorted({*new} & {*old}):
        unknown = {ocd_id: n for ocd_id, n in new[layer].items() if ocd_id not in old[layer]}
        if not unknown:
            continue
        voters, total = sum(unknown.values()), sum(new[layer].values())
        named = ", ".join(ocd_id.rpartition("/")[2] for ocd_id in list(unknown)[:MAX_NAMES_LISTED])
        finding = f"Districts ({layer}) that are not in the live roll: {len(unknown)}, like {named}; {voters:,} voters."
        too_much = voters > MIN_ROWS_TO_REPORT and voters > UNKNOWN_SHARE * total
        (drift.beyond if too_much else drift.notes).append(finding)
    for layer in sorted({*old} - {*new}):
        drift.beyond.append(f"No row has a district of layer {layer} any more.")


def _withheld(drift: DriftReport, new: Mapping[str, int], old: Mapping[str, int]) -> None:
    """Report withheld rows by reason; suppresses counts, and differences of counts, below the floor."""
    for reason in sorted({*new, *old}):
        now, before = new.get(reason, 0), old.get(reason, 0)
        if abs(now - before) < FLOOR:
            drift.notes.append(f"Not stored as {reason}: {_suppressed_count(before)}, about as many as before.")
            continue
        drift.notes.append(
            f"Not stored as {reason}: {_suppressed_count(now)}; {_suppressed_count(before)} in the live roll."
        )
        if abs(now - before) > max(100, 0.5 * before):
            drift.beyond.append(
                f"Rows not stored as {reason} changed from {_suppressed_count(before)} to {_suppressed_count(now)}."
            )


def _suppressed_count(count: int) -> str:
    return f"{count:,}" if count >= FLOOR else f"fewer than {FLOOR}"


def _quarantine(drift: DriftReport, counts: Mapping[str, Any]) -> None:
    if counts["quarantined"] > max(MIN_ROWS_TO_REPORT, QUARANTINE_SHARE * counts["read"]):
        drift.beyond.append(f"{counts['quarantined']:,} of {counts['read']:,} rows could not be read.")


def _ids(drift: DriftReport, new: Snapshot, old: Snapshot) -> None:
    """Estimate shares of added, removed and changed voters from even samples; exact below SAMPLE_ROWS rows."""
    removed, changed = _changes(old, new)
    added, _ = _changes(new, old)
    drift.facts |= {"gone_share": round(removed, 4), "new_share": round(added, 4), "changed": changed}
    drift.notes.append(f"Voters on the live roll who are not on this one: {removed:.1%}. New voters: {added:.1%}.")
    rows = sum(old.counts["by_county"].values())
    if removed > GONE_SHARE and removed * rows > MIN_ROWS_TO_REPORT:
        drift.beyond.append(f"{removed:.1%} of the live roll's voter ids are missing from this file.")
    shares = [f"{name.replace('_', ' ')} {share:.1%}" for name, share in changed.items() if share >= 0.0005]
    if shares:
        drift.notes.append(f"Changed for voters on both rolls: {', '.join(shares)}.")
    for name, share in changed.items():
        if share > CHANGED_SHARE and share * rows > MIN_ROWS_TO_REPORT:
            drift.beyond.append(
                f"{name.replace('_', ' ').capitalize()} changed for {share:.1%} of the voters on both rolls."
            )


def _changes(base: Snapshot, other: Snapshot) -> tuple[float, dict[str, float]]:
    """Return the share of a snapshot's voters missing from another, and the share changed, by field."""
    columns = ", ".join(("voter_id", *COMPARED_FIELDS))
    with snapshot_files.snapshot_db(base) as db:
        (last,) = db.execute("SELECT max(rowid) FROM voter").fetchone()
        step = max(1, (last or 0) // SAMPLE_ROWS)
        # Rows deleted at the end of the load leave gaps; the sample is that much smaller.
        row_ids = ((n,) for n in range(1, (last or 0) + 1, step))
        by_row_id = f"SELECT {columns} FROM voter WHERE rowid = ?"  # noqa: S608 - constant names
        sample = [row for row in (db.execute(by_row_id, row_id).fetchone() for row_id in row_ids) if row]
    if not sample:
        return 0.0, {}
    missing, changed_counts = 0, dict.fromkeys(COMPARED_FIELDS, 0)
    with snapshot_files.snapshot_db(other) as db:
        by_voter_id = f"SELECT {columns} FROM voter WHERE voter_id = ?"  # noqa: S608 - constant names
        for row in sample:
            match = db.execute(by_voter_id, row[:1]).fetchone()
            if match is None:
                missing += 1
                continue
            for name, total_before, now in zip(COMPARED_FIELDS, row[1:], match[1:], strict=True):
                changed_counts[name] += total_before.upper() != now.upper()
    both = max(len(sample) - missing, 1)
    return missing / len(sample), {name: round(count / both, 4) for name, count in changed_counts.items() if count}
