"""Summaries of snapshots for staff: counts with small-cell suppression, and figures for charts."""

from collections.abc import Mapping
from typing import Any, Final

from apps.core.disclosure import FLOOR, floored
from apps.core.formats import percent
from apps.voters.models import LiveRoll, Snapshot

MAX_COUNTIES: Final = 12
CHANGE_KINDS: Final = ("status", "address", "district", "precinct", "gone", "listed")


def snapshot_summary(snapshot: Snapshot) -> dict[str, Any]:
    """Return what the pages show of a snapshot."""
    counts, drift = snapshot.counts or {}, snapshot.drift or {}
    by_status = counts.get("by_status") or {}
    counties = _county_changes(counts.get("by_county") or {}, _previous_counties(snapshot))
    return {
        "snapshot": snapshot,
        "loaded": counts.get("loaded", 0),
        "read": counts.get("read", 0),
        "dropped": [(reason, floored(count)) for reason, count in sorted((counts.get("dropped") or {}).items())],
        "quarantined": counts.get("quarantined", 0),
        "beyond": drift.get("beyond", []),
        "notes": drift.get("notes", []),
        "statuses": _status_counts(by_status),
        "all_statuses": sum(by_status.values()),
        "counties": counties,
        "largest_county": max((max(row["number"], row["was"]) for row in counties), default=0),
    }


def _previous_counties(snapshot: Snapshot) -> Mapping[str, int]:
    """Return county counts of the snapshot that a waiting one would replace, or that a live one replaced."""
    if snapshot.status == Snapshot.Status.WAITING:
        live = LiveRoll.objects.select_related("snapshot").filter(state=snapshot.state).first()
        other = live.snapshot if live else None
    else:
        other = Snapshot.objects.for_state(snapshot.state).filter(pk__lt=snapshot.pk, live_at__isnull=False).first()
    return dict((other.counts or {}).get("by_county") or {}) if other else {}


def _status_counts(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    rows = [{"word": name, "number": number} for name, number in counts.items() if number >= FLOOR]
    return sorted(rows, key=lambda row: -row["number"])


def _county_changes(current: Mapping[str, int], before: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the counties with the largest changes; for a first roll the largest counties."""
    rows: list[dict[str, Any]] = []
    for name in {*current, *before}:
        count, previous = current.get(name, 0), before.get(name, 0)
        change = (count - previous) / previous if previous else 0.0
        rows.append({"word": name.title() or "–", "number": count, "was": previous, "change": change})
    rows.sort(key=lambda row: (-abs(row["change"]), -row["number"], row["word"]))
    largest = rows[:MAX_COUNTIES]
    for row in largest:
        row["percent"] = percent(row["change"], 1, signed=True) if row["was"] else ""
    return largest


def notified_counts(counts: Mapping[str, int]) -> list[tuple[str, int | None]]:
    """Return how many members were notified of a roll's changes; empty if none were."""
    if not counts:
        return []
    return [("notified", floored(counts.get("notified", 0)))] + [
        (kind, floored(counts[kind])) for kind in CHANGE_KINDS if kind in counts
    ]
