"""Builds the report of the district pages: seats, changes, next election, maps.

Reads only the public functions of districts and officials; writes nothing and stores no address.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from apps.core.formats import percent
from apps.districts import lookup
from apps.districts.outlines import Point
from apps.officials.elections import district_timelines
from apps.officials.models import Election
from apps.officials.representation import Seat, seats_for_divisions

from .elections import NextElection, next_election_for
from .labels import (
    MAPPED_LAYERS,
    OTHER_OFFICES_RANK,
    SEAT_LAYERS,
    division_label,
    layer_label,
    layer_rank,
    statewide_group,
)
from .maps import LayerMap, layer_map


@dataclass(frozen=True)
class SeatRow:
    """Describe one row of the list: a division and the people who hold one of its offices."""

    hit: lookup.DistrictHit | None
    kind: str
    name: str
    seats: list[Seat]
    placement: str
    coming: str = ""
    changes_on: date | None = None
    percent: str = ""
    listed_on: date | None = None
    rank: int = 0

    @property
    def names_inside(self) -> bool:
        """Return whether the expanded row must name each office: several people or several offices."""
        return len(self.seats) > 1 or any(len(seat.holders) > 1 for seat in self.seats)

    @property
    def path(self) -> str:
        """Return the division's part of its page URL; empty if no boundaries are loaded."""
        return self.hit.ocd_id.removeprefix("ocd-division/") if self.hit else ""


@dataclass(frozen=True)
class SeatChange:
    """Describe a seat whose district changes: who represents the place today, and where it votes next."""

    kind: str
    today: lookup.DistrictHit
    next: lookup.DistrictHit
    on: date | None
    seats: list[Seat]

    @property
    def today_name(self) -> str:
        """Return the name of today's division."""
        return division_label(self.today)

    @property
    def next_name(self) -> str:
        """Return the name of the next division."""
        return division_label(self.next)


@dataclass(frozen=True)
class DistrictReport:
    """Hold all data on a place on one day."""

    day: date
    is_today: bool
    rows: list[SeatRow]
    changes: list[SeatChange] = field(default_factory=list)
    election: NextElection | None = None
    vote_day: date | None = None
    maps: list[LayerMap] = field(default_factory=list)


Hits = dict[str, list[lookup.DistrictHit]]


@dataclass(frozen=True)
class RollDivisions:
    """Hold the divisions that a voter roll lists for a registration, and the roll's date."""

    hits: Hits
    as_of: date


def report_at(
    lon: float,
    lat: float,
    on: date | None = None,
    placement: str = "",
    roll_divisions: RollDivisions | None = None,
    *,
    with_maps: bool = True,
) -> DistrictReport:
    """Return the report of a point on a day; divisions of the roll override boundaries, but for today only."""
    day = on or lookup.today()
    is_today = day == lookup.today()
    clocks, regular = district_timelines(lon, lat, day) if is_today else ({}, None)
    hits = lookup.districts_at(lon, lat, day)
    roll_divisions = roll_divisions if is_today else None
    if roll_divisions:
        hits |= roll_divisions.hits
        clocks = {layer: clock for layer, clock in clocks.items() if clock.today == hits.get(layer)}
    rows = _seat_rows(hits, day, placement, clocks, roll_divisions)
    changes = _seat_changes(clocks, rows)
    return DistrictReport(
        day=day,
        is_today=is_today,
        rows=rows,
        changes=changes,
        election=next_election_for(_division_ids(hits), day),
        vote_day=_vote_day(regular, changes),
        maps=_layer_maps(hits, clocks, (lon, lat)) if with_maps else [],
    )


def _vote_day(regular: Election | None, changes: list[SeatChange]) -> date | None:
    """Return the day on which changing seats are elected, if it is before the new boundaries take effect."""
    first = changes[0].on if changes else None
    return regular.date if regular and first and regular.date < first else None


def report_for_zip(zip_code: str) -> DistrictReport | None:
    """Return every division that a ZIP code touches, with its share; None for an unknown ZIP code."""
    shares = lookup.districts_for_zip(zip_code)
    if not shares:
        return None
    day = lookup.today()
    hits = {
        layer: [share.hit for share in layer_shares] for layer, layer_shares in shares.items() if layer != "precinct"
    }
    # A division that contains the whole ZIP code shows no share; of several, none shows 0 or 100.
    percents = {
        share.hit.ocd_id: percent(min(0.99, max(0.01, share.share)), 0)
        for layer_shares in shares.values()
        for share in layer_shares
        if len(layer_shares) > 1 and share.share is not None
    }
    placement = {layer_shares[0].hit.layer: _zip_basis_label(layer_shares[0].basis) for layer_shares in shares.values()}
    rows = [
        replace(row, percent=percents.get(row.hit.ocd_id, ""), placement=placement[row.hit.layer]) if row.hit else row
        for row in _seat_rows(hits, day, "", {}, None)
    ]
    return DistrictReport(day=day, is_today=True, rows=rows, election=next_election_for(_division_ids(hits), day))


def _zip_basis_label(basis: str) -> str:
    """Return on what the districts of a ZIP code are based."""
    if basis == "houses":
        return _("By the addresses with this ZIP code")
    if basis == "area":
        return _("By the area of this ZIP code")
    return _("By a published table of ZIP codes")


def _division_ids(hits: Hits) -> list[str]:
    return [hit.ocd_id for layer_hits in hits.values() for hit in layer_hits]


def _seat_rows(
    hits: Hits,
    day: date,
    placement: str,
    clocks: dict[str, lookup.DistrictTimeline],
    roll_divisions: RollDivisions | None,
) -> list[SeatRow]:
    seats: dict[str, list[Seat]] = {}
    for seat in seats_for_divisions(_division_ids(hits), day):
        seats.setdefault(seat.office.division, []).append(seat)
    rows = []
    for layer in sorted(hits, key=layer_rank):
        as_of = roll_divisions.as_of if roll_divisions and layer in roll_divisions.hits else None
        for hit in hits[layer]:
            division_rows = _division_rows(hit, seats.pop(hit.ocd_id, []), placement, clocks.get(layer))
            rows += [replace(row, listed_on=as_of) for row in division_rows]
    # The rest are offices of enclosing divisions without loaded boundaries.
    rows += [
        SeatRow(None, label, "", office_seats, "")
        for remaining in seats.values()
        for _rank, label, office_seats in _group_by_office(remaining)
    ]
    # Lesser statewide offices come last, after everything more local.
    return sorted(rows, key=lambda row: row.rank == OTHER_OFFICES_RANK)


def _group_by_office(seats: list[Seat]) -> list[tuple[int, str, list[Seat]]]:
    groups: dict[tuple[int, str], list[Seat]] = {}
    for seat in seats:
        groups.setdefault(statewide_group(seat.office.role), []).append(seat)
    return [(rank, label, groups[rank, label]) for rank, label in sorted(groups)]


def _division_rows(
    hit: lookup.DistrictHit, seats: list[Seat], placement: str, clock: lookup.DistrictTimeline | None
) -> list[SeatRow]:
    """Return one row for a division; for a state one row per office, lesser offices together."""
    name, kind = division_label(hit), layer_label(hit.layer)
    if hit.layer == "state" and seats:
        return [
            SeatRow(hit, label, name, office_seats, placement, rank=rank)
            for rank, label, office_seats in _group_by_office(seats)
        ]
    if clock is None or not clock.differs:
        return [SeatRow(hit, kind, name, seats, placement)]
    coming = division_label(clock.next[0]) if clock.next else ""
    return [SeatRow(hit, kind, name, seats, placement, coming, clock.changes_on)]


def _seat_changes(clocks: dict[str, lookup.DistrictTimeline], rows: list[SeatRow]) -> list[SeatChange]:
    seats = {row.hit.ocd_id: row.seats for row in rows if row.hit}
    return [
        SeatChange(
            layer_label(layer),
            clock.today[0],
            clock.next[0],
            clock.changes_on,
            seats.get(clock.today[0].ocd_id, []),
        )
        for layer, clock in sorted(clocks.items(), key=lambda item: layer_rank(item[0]))
        if layer in SEAT_LAYERS and clock.differs and clock.today and clock.next
    ]


def _layer_maps(hits: Hits, clocks: dict[str, lookup.DistrictTimeline], home: Point) -> list[LayerMap]:
    maps = []
    for layer, title in MAPPED_LAYERS.items():
        clock = clocks.get(layer)
        will_change = bool(clock and clock.differs and clock.next)
        coming = clock.next[0] if clock and will_change else None
        if hits.get(layer):
            maps.append(layer_map(str(title), hits[layer][0], coming, home))
    return [drawn for drawn in maps if drawn is not None]
