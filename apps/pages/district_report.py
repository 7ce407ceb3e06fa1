"""What the district pages show: one row a seat, what changes, the next election, the maps.

Everything comes from the facades of districts and officials; nothing is written and nothing typed is kept.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.districts import lookup
from apps.officials.elections import district_timelines
from apps.officials.models import Election
from apps.officials.representation import Seat, seats_for_divisions

from .elections import NextElection, next_for
from .labels import LAST, MAPPED, SEATS, division_word, layer_rank, layer_word, statewide_group
from .maps import LayerMap, Point, layer_map


@dataclass(frozen=True)
class SeatRow:
    """One division, and those who hold one of its offices: a line of the list that opens."""

    hit: lookup.DistrictHit | None
    kind: str
    name: str
    seats: list[Seat]
    placed: str
    coming: str = ""
    changes_on: date | None = None
    percent: int | None = None
    listed_on: date | None = None
    rank: int = 0

    @property
    def names_inside(self) -> bool:
        """Whether the opened row has to say who is who: several people, or several offices."""
        return len(self.seats) > 1 or any(len(seat.holders) > 1 for seat in self.seats)

    @property
    def path(self) -> str:
        """The division's place in the address of its page; empty where we have no lines of it."""
        return self.hit.ocd_id.removeprefix("ocd-division/") if self.hit else ""


@dataclass(frozen=True)
class Change:
    """One seat on two clocks: who speaks for the place today, and where it votes next."""

    kind: str
    today: lookup.DistrictHit
    next: lookup.DistrictHit
    on: date | None
    seats: list[Seat]

    @property
    def today_name(self) -> str:
        """What the division of today is called."""
        return division_word(self.today)

    @property
    def next_name(self) -> str:
        """What the next one is called."""
        return division_word(self.next)


@dataclass(frozen=True)
class DistrictReport:
    """All that is known of a place on one day."""

    day: date
    is_today: bool
    rows: list[SeatRow]
    changes: list[Change] = field(default_factory=list)
    election: NextElection | None = None
    vote_day: date | None = None
    maps: list[LayerMap] = field(default_factory=list)

    @property
    def map_data(self) -> dict[str, Any]:
        """What the map's script reads: layers by name."""
        return {each.layer: each.as_json() for each in self.maps}


Hits = dict[str, list[lookup.DistrictHit]]


@dataclass(frozen=True)
class Listed:
    """The divisions that a registration lists, and the day of the roll that says so."""

    hits: Hits
    as_of: date


def answer_at(
    lon: float, lat: float, on: date | None = None, placed: str = "", listed: Listed | None = None
) -> DistrictReport:
    """Return the answer for a point on a day. What a registration lists beats the lines, but for today only."""
    day = on or lookup.today()
    is_today = day == lookup.today()
    clocks, regular = district_timelines(lon, lat, day) if is_today else ({}, None)
    hits = lookup.districts_at(lon, lat, day)
    listed = listed if is_today else None
    if listed:
        hits |= listed.hits
        clocks = {layer: clock for layer, clock in clocks.items() if clock.today == hits.get(layer)}
    rows = _rows(hits, day, placed, clocks, listed)
    changes = _changes(clocks, rows)
    return DistrictReport(
        day=day,
        is_today=is_today,
        rows=rows,
        changes=changes,
        election=next_for(_ids(hits), day),
        vote_day=_vote_day(regular, changes),
        maps=_maps(hits, day, clocks, (lon, lat)),
    )


def _vote_day(regular: Election | None, changes: list[Change]) -> date | None:
    """Return the day on which the changing seats are voted on: the next election, if it is before the new lines."""
    first = changes[0].on if changes else None
    return regular.date if regular and first and regular.date < first else None


def answer_for_zip(zip_code: str) -> DistrictReport | None:
    """Return every division that a ZIP code touches, with its share; None where nothing loaded has the code."""
    shares = lookup.districts_for_zip(zip_code)
    if not shares:
        return None
    day = lookup.today()
    hits = {layer: [share.hit for share in each] for layer, each in shares.items() if layer != "precinct"}
    # A division that holds the whole ZIP code needs no share; where there are two, none is all or nothing.
    percents = {
        share.hit.ocd_id: min(99, max(1, round(share.share * 100)))
        for each in shares.values()
        for share in each
        if len(each) > 1 and share.share is not None
    }
    placed = {each[0].hit.layer: _basis_words(each[0].basis) for each in shares.values()}
    rows = [
        replace(row, percent=percents.get(row.hit.ocd_id), placed=placed[row.hit.layer]) if row.hit else row
        for row in _rows(hits, day, "", {}, None)
    ]
    return DistrictReport(day=day, is_today=True, rows=rows, election=next_for(_ids(hits), day))


def _basis_words(basis: str) -> str:
    """Return what the districts of a ZIP code were found by."""
    if basis == "houses":
        return _("By the houses with this ZIP code")
    if basis == "area":
        return _("By the area of this ZIP code")
    return _("By a published table of ZIP codes")


def _ids(hits: Hits) -> list[str]:
    return [hit.ocd_id for each in hits.values() for hit in each]


def _rows(
    hits: Hits, day: date, placed: str, clocks: dict[str, lookup.DistrictTimeline], listed: Listed | None
) -> list[SeatRow]:
    seats: dict[str, list[Seat]] = {}
    for seat in seats_for_divisions(_ids(hits), day):
        seats.setdefault(seat.office.division, []).append(seat)
    rows = []
    for layer in sorted(hits, key=layer_rank):
        as_of = listed.as_of if listed and layer in listed.hits else None
        for hit in hits[layer]:
            found = _division_rows(hit, seats.pop(hit.ocd_id, []), placed, clocks.get(layer))
            rows += [replace(row, listed_on=as_of) for row in found]
    # What is left are offices of places that hold these divisions and of which no lines are loaded.
    rows += [SeatRow(None, words, "", each, "") for left in seats.values() for _rank, words, each in _by_office(left)]
    # Lesser statewide offices come after everything that is nearer to the reader.
    return sorted(rows, key=lambda row: row.rank == LAST)


def _by_office(seats: list[Seat]) -> list[tuple[int, str, list[Seat]]]:
    groups: dict[tuple[int, str], list[Seat]] = {}
    for seat in seats:
        groups.setdefault(statewide_group(seat.office.role), []).append(seat)
    return [(rank, words, groups[rank, words]) for rank, words in sorted(groups)]


def _division_rows(
    hit: lookup.DistrictHit, seats: list[Seat], placed: str, clock: lookup.DistrictTimeline | None
) -> list[SeatRow]:
    """Return one row a division; of a state one an office, the lesser ones together."""
    name, kind = division_word(hit), layer_word(hit.layer)
    if hit.layer == "state" and seats:
        return [SeatRow(hit, words, name, each, placed, rank=rank) for rank, words, each in _by_office(seats)]
    if clock is None or not clock.differs:
        return [SeatRow(hit, kind, name, seats, placed)]
    coming = division_word(clock.next[0]) if clock.next else ""
    return [SeatRow(hit, kind, name, seats, placed, coming, clock.changes_on)]


def _changes(clocks: dict[str, lookup.DistrictTimeline], rows: list[SeatRow]) -> list[Change]:
    seats = {row.hit.ocd_id: row.seats for row in rows if row.hit}
    return [
        Change(
            layer_word(layer),
            clock.today[0],
            clock.next[0],
            clock.changes_on,
            seats.get(clock.today[0].ocd_id, []),
        )
        for layer, clock in sorted(clocks.items(), key=lambda each: layer_rank(each[0]))
        if layer in SEATS and clock.differs and clock.today and clock.next
    ]


def _maps(hits: Hits, day: date, clocks: dict[str, lookup.DistrictTimeline], home: Point) -> list[LayerMap]:
    drawn = []
    for layer, title in MAPPED.items():
        clock = clocks.get(layer)
        moves = bool(clock and clock.differs and clock.next)
        coming = clock.next[0] if clock and moves else None
        if hits.get(layer):
            drawn.append(layer_map(str(title), hits[layer][0], day, coming, clock.changes_on if clock else None, home))
    return [each for each in drawn if each is not None]
