"""What the pages of the rolls show of a snapshot: counts with a floor, and small charts of our own numbers."""

from collections.abc import Mapping
from typing import Any, Final

from apps.core.disclosure import FLOOR, floored
from apps.voters.models import LiveRoll, Snapshot

MOST_COUNTIES: Final = 12
KINDS: Final = ("status", "address", "district", "precinct", "gone", "listed")


def facts_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return what the pages show of a snapshot."""
    counts, drift = snapshot.counts or {}, snapshot.drift or {}
    by_status = counts.get("by_status") or {}
    counties = _counties(counts.get("by_county") or {}, _before(snapshot))
    return {
        "snapshot": snapshot,
        "loaded": counts.get("loaded", 0),
        "read": counts.get("read", 0),
        "dropped": [(reason, floored(count)) for reason, count in sorted((counts.get("dropped") or {}).items())],
        "quarantined": counts.get("quarantined", 0),
        "beyond": drift.get("beyond", []),
        "notes": drift.get("notes", []),
        "statuses": _shares(by_status),
        "all_statuses": sum(by_status.values()),
        "counties": counties,
        "largest_county": max((max(row["number"], row["was"]) for row in counties), default=0),
    }


def _before(snapshot: Snapshot) -> Mapping[str, int]:
    """Return the counties of the roll that a waiting one would replace, or a live one replaced."""
    if snapshot.status == Snapshot.Status.WAITING:
        live = LiveRoll.objects.select_related("snapshot").filter(state=snapshot.state).first()
        other = live.snapshot if live else None
    else:
        other = Snapshot.objects.for_state(snapshot.state).filter(pk__lt=snapshot.pk, live_at__isnull=False).first()
    return dict((other.counts or {}).get("by_county") or {}) if other else {}


def _shares(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    rows = [{"word": name, "number": number} for name, number in counts.items() if number >= FLOOR]
    return sorted(rows, key=lambda row: -row["number"])


def _counties(now: Mapping[str, int], before: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the counties that changed most, each with its bar; of a first roll the largest."""
    rows: list[dict[str, Any]] = []
    for name in {*now, *before}:
        number, was = now.get(name, 0), before.get(name, 0)
        change = (number - was) / was if was else 0.0
        rows.append({"word": name.title() or "–", "number": number, "was": was, "change": change})
    rows.sort(key=lambda row: (-abs(row["change"]), -row["number"], row["word"]))
    shown = rows[:MOST_COUNTIES]
    for row in shown:
        row["percent"] = f"{100 * row['change']:+.1f} %" if row["was"] else ""
    return shown


def told_of(counts: Mapping[str, int]) -> list[tuple[str, int | None]]:
    """Return how many members were told of a roll's changes; empty where nobody was."""
    if not counts:
        return []
    return [("told", floored(counts.get("told", 0)))] + [(k, floored(counts[k])) for k in KINDS if k in counts]
