"""The facade of the officials' room: who represents the places of a person, on any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .cache import current_store, holdings_of
from .models import Holding, Office, Official

# A seat left this long ago without a successor was given up rather than left empty.
VACANT_AT_MOST: Final = timedelta(days=730)
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
ORDER: Final = ("president", "vice_president", "sen", "rep", "governor", "lt_governor", "upper", "lower", "legislature")
# Every state has two senators, whoever of them a file may lack.
SEATS: Final = {"sen": 2}


@dataclass(frozen=True)
class Holder:
    """A person in an office, and whether the list that says so has grown old."""

    official: Official
    start: date | None
    end: date | None
    stale: bool

    @property
    def as_of(self) -> date:
        """The day the list was true."""
        return self.official.source.as_of


@dataclass(frozen=True, eq=False)
class Seat:
    """An office of a division with all its holders (several in multi-member districts) and its empty seats."""

    office: Office
    holders: list[Holder]
    vacant: int

    @property
    def title(self) -> str:
        """The office, for people."""
        return str(TITLES.get(self.office.role, self.office.role.replace("_", " ").capitalize()))


def within(ids: Iterable[str]) -> list[str]:
    """The divisions and all that contain them by their ids: a district's state, the country. Each once."""
    found: dict[str, None] = {}
    for each in ids:
        parts = each.split("/")
        for end in range(2, len(parts) + 1):
            found.setdefault("/".join(parts[:end]))
    return list(found)


def represents(ids: Iterable[str], on: date | None = None) -> list[Seat]:
    """Everybody who represents the divisions, or anything that contains them, on a day (default today).

    National offices come first, then the state's, then the districts'.
    """
    day = on or timezone.localdate()
    everywhere = within(ids)
    seats = _seats_of(everywhere, day)
    seats += _empty_in_congress(everywhere, seats)
    return sorted((seat for seat in seats if seat.holders or seat.vacant), key=_place)


def _seats_of(divisions: list[str], day: date) -> list[Seat]:
    """The seats of these divisions, kept by division and day until officials are loaded."""
    if connection.in_atomic_block:
        return _seats(holdings_of(divisions), day)
    kept = current_store().seats
    unknown = [each for each in divisions if (each, day) not in kept]
    if unknown:
        found: dict[str, list[Seat]] = {each: [] for each in unknown}
        for seat in _seats(holdings_of(unknown), day):
            found[seat.office.division].append(seat)
        kept.update({(each, day): seats for each, seats in found.items()})
    return [seat for each in divisions for seat in kept[each, day]]


def seats_in(ocd_id: str, inside: Iterable[str], on: date | None = None) -> list[Seat]:
    """Every seat of a division and of all that lie inside it by their ids; what contains it is left out.

    `inside` names divisions that are known to be there, so that an empty seat of theirs in Congress is told, too.
    """
    day = on or timezone.localdate()
    seats = _seats([*holdings_of([ocd_id]), *Holding.objects.live().inside(ocd_id)], day)
    seats += _empty_in_congress([ocd_id, *inside], seats)
    return sorted((seat for seat in seats if seat.holders or seat.vacant), key=_place)


def _seats(holdings: Iterable[Holding], day: date) -> list[Seat]:
    offices: dict[int, list[Holding]] = {}
    for holding in holdings:
        offices.setdefault(holding.office_id, []).append(holding)
    return [_seat(each, day) for each in offices.values()]


def _empty_in_congress(ids: list[str], seats: list[Seat]) -> list[Seat]:
    """Congressional districts that the file of sitting members lacks: their seat is vacant, not unknown."""
    filled = {seat.office.division for seat in seats if seat.office.role == "rep"}
    loaded = {seat.office.division for seat in seats if seat.office.role == "sen"}
    return [
        Seat(Office(division=each, role="rep"), [], 1)
        for each in ids
        if "/cd:" in each and each not in filled and each.partition("/cd:")[0] in loaded
    ]


def _seat(holdings: list[Holding], day: date) -> Seat:
    office = holdings[0].office
    now = [each for each in holdings if each.holds_on(day)]
    holders = {each.official_id: _holder(each, day) for each in now}
    vacant = max(0, SEATS.get(office.role, 0) - len(holders))
    if not holders and not vacant:
        lately = [each for each in holdings if each.end and day - VACANT_AT_MOST <= each.end <= day]
        vacant = int(bool(lately))
    return Seat(office, sorted(holders.values(), key=lambda each: each.official.name), vacant)


def _holder(holding: Holding, day: date) -> Holder:
    return Holder(holding.official, holding.start, holding.end, holding.official.source.is_stale(day))


def _place(seat: Seat) -> tuple[int, int, str, str]:
    role = seat.office.role
    rank = ORDER.index(role) if role in ORDER else len(ORDER)
    return rank, seat.office.division.count("/"), role, seat.office.division
