"""The next election, with its last days in the order of the calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apps.districts import lookup
from apps.officials.elections import next_election
from apps.officials.models import Election


@dataclass(frozen=True)
class LastDay:
    """One day that counts: what for, which day, and how many days are left (negative: it is over)."""

    what: str
    day: date
    left: int


@dataclass(frozen=True)
class NextElection:
    """An election as a page shows it."""

    name: str
    day: date
    source: str
    checked: date | None
    last_days: list[LastDay]


def next_for(ocd_ids: Iterable[str], day: date) -> NextElection | None:
    """Return the next election of these divisions on or after a day, or None where none is known."""
    return _shown(next_election(ocd_ids, day), day)


def next_here() -> NextElection | None:
    """Return the nearest election of any place that this installation knows, by-elections of one district aside."""
    day = lookup.today()
    return _shown(Election.objects.from_day(day).exclude(kind="special").first(), day)


def _shown(found: Election | None, today: date) -> NextElection | None:
    if found is None:
        return None
    last_days = [
        LastDay(each.get_kind_display(), each.date, (each.date - today).days) for each in found.deadlines.all()
    ]
    return NextElection(found.name, found.date, found.source, found.checked, last_days)
