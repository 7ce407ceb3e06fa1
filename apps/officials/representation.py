"""The interface of apps.officials: who represents a set of divisions on any date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .cache import current_cache, live_holdings
from .models import Holding, Office, Official

# A seat without a successor for longer is considered abolished, not vacant.
MAX_VACANCY: Final = timedelta(days=730)
TITLES: Final[dict[str, Promise]] = {
    "president": _("President"),
    "vice_president": _("Vice president"),
    "rep": _("U.S. representative"),
    "sen": _("U.S. senator"),
    "upper": _("State senator"),
    "lower": _("State representative"),
    "legislature": _("State legislator"),
    "governor": _("Governor"),
    "lt_governor": _("Lieutenant governor"),
    "secretary of state": _("Secretary of state"),
    "attorney general": _("Attorney general"),
    "treasurer": _("Treasurer"),
    "auditor": _("Auditor"),
    "chief election officer": _("Chief election officer"),
    "mayor": _("Mayor"),
}
ROLE_ORDER: Final = (
    "president",
    "vice_president",
    "sen",
    "rep",
    "governor",
    "lt_governor",
    "upper",
    "lower",
    "legislature",
)
# Every state has two senators, even if a file lacks one.
SEATS_BY_ROLE: Final = {"sen": 2}


@dataclass(frozen=True)
class Holder:
    """A person in an office, and whether the list is outdated."""

    official: Official
    start: date | None
    end: date | None
    stale: bool

    @property
    def as_of(self) -> date:
        """Return the date of the list."""
        return self.official.source.as_of


@dataclass(frozen=True, eq=False)
class Seat:
    """An office of a division, its holders (several in multi-member districts), and the number of vacant seats."""

    office: Office
    holders: list[Holder]
    vacant: int

    @property
    def title(self) -> str:
        """Return the office's title in the active language."""
        return str(TITLES.get(self.office.role, self.office.role.replace("_", " ").capitalize()))


def with_containing_divisions(ids: Iterable[str]) -> list[str]:
    """Return the divisions and those that contain them by their ids (a district's state, the country), each once."""
    by_division: dict[str, None] = {}
    for ocd_id in ids:
        parts = ocd_id.split("/")
        for end in range(2, len(parts) + 1):
            by_division.setdefault("/".join(parts[:end]))
    return list(by_division)


def seats_for_divisions(ids: Iterable[str], on: date | None = None) -> list[Seat]:
    """Return the seats that represent the divisions and those that contain them, on a date (default: today).

    National offices come first, then the state's, then the districts'.
    """
    day = on or timezone.localdate()
    divisions = with_containing_divisions(ids)
    seats = _cached_seats(divisions, day)
    seats += _vacant_house_seats(divisions, seats)
    return sorted((seat for seat in seats if seat.holders or seat.vacant), key=_sort_key)


def _cached_seats(divisions: list[str], day: date) -> list[Seat]:
    """Return the seats of these divisions, cached by division and date."""
    if connection.in_atomic_block:
        return _build_seats(live_holdings(divisions), day)
    cached = current_cache().seats
    unknown = [ocd_id for ocd_id in divisions if (ocd_id, day) not in cached]
    if unknown:
        by_division: dict[str, list[Seat]] = {ocd_id: [] for ocd_id in unknown}
        for seat in _build_seats(live_holdings(unknown), day):
            by_division[seat.office.division].append(seat)
        cached.update({(ocd_id, day): seats for ocd_id, seats in by_division.items()})
    return [seat for ocd_id in divisions for seat in cached[ocd_id, day]]


def seats_inside(ocd_id: str, inside: Iterable[str], on: date | None = None) -> list[Seat]:
    """Return the seats of a division and of all divisions inside it by their ids, without those that contain it.

    `inside` lists divisions that exist, so that their vacant seats in Congress are included.
    """
    day = on or timezone.localdate()
    seats = _build_seats([*live_holdings([ocd_id]), *Holding.objects.live().inside(ocd_id)], day)
    seats += _vacant_house_seats([ocd_id, *inside], seats)
    return sorted((seat for seat in seats if seat.holders or seat.vacant), key=_sort_key)


def _build_seats(holdings: Iterable[Holding], day: date) -> list[Seat]:
    offices: dict[int, list[Holding]] = {}
    for holding in holdings:
        offices.setdefault(holding.office_id, []).append(holding)
    return [_build_seat(office_holdings, day) for office_holdings in offices.values()]


def _vacant_house_seats(ids: list[str], seats: list[Seat]) -> list[Seat]:
    """Return vacant seats of congressional districts that a loaded file of sitting members lacks."""
    filled = {seat.office.division for seat in seats if seat.office.role == "rep"}
    loaded = {seat.office.division for seat in seats if seat.office.role == "sen"}
    return [
        Seat(Office(division=ocd_id, role="rep"), [], 1)
        for ocd_id in ids
        if "/cd:" in ocd_id and ocd_id not in filled and ocd_id.partition("/cd:")[0] in loaded
    ]


def _build_seat(holdings: list[Holding], day: date) -> Seat:
    office = holdings[0].office
    current = [holding for holding in holdings if holding.holds_on(day)]
    holders = {holding.official_id: _holder(holding, day) for holding in current}
    vacant = max(0, SEATS_BY_ROLE.get(office.role, 0) - len(holders))
    if not holders and not vacant:
        recent = [holding for holding in holdings if holding.end and day - MAX_VACANCY <= holding.end <= day]
        vacant = int(bool(recent))
    return Seat(office, sorted(holders.values(), key=lambda holder: holder.official.name), vacant)


def _holder(holding: Holding, day: date) -> Holder:
    return Holder(holding.official, holding.start, holding.end, holding.official.source.is_stale(day))


def _sort_key(seat: Seat) -> tuple[int, int, str, str]:
    role = seat.office.role
    rank = ROLE_ORDER.index(role) if role in ROLE_ORDER else len(ROLE_ORDER)
    return rank, seat.office.division.count("/"), role, seat.office.division
