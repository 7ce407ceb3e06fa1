"""Public facts shown with a result: a roll's birth dates, the county office, the next election.

They follow from public data and from the query, never from a voter's row that was not disclosed to the member.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apps.districts import lookup
from apps.officials.elections import next_election, offices_of
from apps.officials.models import Election, ElectionOffice
from apps.voters import rolls

from .query import VoterQuery
from .services import Registration


@dataclass(frozen=True)
class RollFacts:
    """What is public of a live roll; `birth_dates` is full, year or none."""

    state: str
    as_of: date
    birth_dates: str


@dataclass(frozen=True)
class PlaceFacts:
    """The election offices and the next election of a place, and its last day to register if the election has one."""

    offices: list[ElectionOffice]
    election: Election | None
    last_day: date | None
    rolls: list[RollFacts]


def of_rolls() -> list[RollFacts]:
    """Return the live rolls and the form of their birth dates."""
    return [RollFacts(state, live.as_of, rolls.birth_dates(live)) for state, live in rolls.live_snapshots().items()]


def of_query(query: VoterQuery) -> PlaceFacts:
    """Return the facts of the query's ZIP code, and of the states whose rolls are loaded."""
    live = of_rolls()
    shares = lookup.districts_for_zip(query.zip) if query.zip else {}
    counties = [share.hit.ocd_id for share in shares.get("county", [])]
    return _facts([*counties, *(_state_division(roll.state) for roll in live if roll.state)], live)


def of_registration(registration: Registration) -> PlaceFacts:
    """Return the facts of the districts of a registration disclosed to the member."""
    divisions = [*registration.districts.values(), _state_division(registration.state)]
    return _facts(divisions, of_rolls())


def _facts(divisions: Iterable[str], live: list[RollFacts]) -> PlaceFacts:
    divisions = list(divisions)
    election = next_election(divisions)
    deadlines = election.deadlines.all() if election else []
    last_day = next((deadline.date for deadline in deadlines if deadline.kind == "registration_deadline"), None)
    return PlaceFacts(offices_of(divisions), election, last_day, live)


def _state_division(state: str) -> str:
    return f"ocd-division/country:us/state:{state.lower()}"
