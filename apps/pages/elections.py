"""The next election and its deadlines, for display."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from apps.districts import lookup
from apps.officials.elections import next_election
from apps.officials.models import Election


@dataclass(frozen=True)
class ElectionDeadline:
    """Hold a deadline: label, day, and days left (negative if past)."""

    label: str
    day: date
    days_left: int


@dataclass(frozen=True)
class NextElection:
    """Hold an election prepared for display."""

    pk: int
    name: str
    day: date
    source: str
    checked: date | None
    deadlines: list[ElectionDeadline]

    @property
    def days(self) -> list[ElectionDeadline]:
        """Return the deadlines and the day of the election in the order of the calendar."""
        days_left = (self.day - lookup.today()).days
        return [
            *sorted(self.deadlines, key=lambda one: one.day),
            ElectionDeadline(gettext("Election Day"), self.day, days_left),
        ]


def next_election_for(ocd_ids: Iterable[str], day: date) -> NextElection | None:
    """Return the next election of these divisions on or after a day, or None."""
    return _election_view(next_election(ocd_ids, day), day)


def next_known_election() -> NextElection | None:
    """Return the next election of any place in this installation, except special elections."""
    day = lookup.today()
    return _election_view(Election.objects.from_day(day).exclude(kind="special").first(), day)


def _election_view(election: Election | None, today: date) -> NextElection | None:
    if election is None:
        return None
    deadlines = [
        ElectionDeadline(deadline.get_kind_display(), deadline.date, (deadline.date - today).days)
        for deadline in election.deadlines.all()
    ]
    return NextElection(election.pk, election.name, election.date, election.source, election.checked, deadlines)
