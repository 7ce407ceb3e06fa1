"""The interface of apps.districts: look up the districts of points, addresses and ZIP codes on any date.

Never reads voter rolls, and never logs or stores an address or a point.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from .addresses.geocoder import find_online
from .addresses.lookup import AddressIndex, AddressMatch, AddressResult, Choices, NotFound
from .addresses.parse import ParsedAddress
from .models import Vintage, addresses_file, boundaries_folder
from .sources.layers import layer_definition
from .spatial_index.grid import Floats
from .spatial_index.single_point import locate
from .vintage_files import OpenVintage
from .zips import Basis, zip_shares

# Open vintages per process; they are memory-mapped, so only the pages in use take memory.
MAX_OPEN_VINTAGES: Final = 64
CACHE_SECONDS: Final = 1.0
# The titles of the shipped layer definitions, which are data, for the translation catalog.
TITLES: Final = (
    *(gettext_noop("Congressional district"), gettext_noop("State senate district"), gettext_noop("State")),
    *(gettext_noop("State house district"), gettext_noop("County"), gettext_noop("City or town")),
    *(gettext_noop("Precinct"), gettext_noop("School district"), gettext_noop("Tribal area")),
)


@dataclass(frozen=True)
class DistrictHit:
    """A division that contains a place: its OCD id, name, layer and vintage."""

    ocd_id: str
    name: str
    layer: str
    vintage: Vintage

    @property
    def layer_title(self) -> str:
        """Return the layer's title in the active language."""
        return gettext(layer_definition(self.layer).title)


@dataclass(frozen=True)
class DistrictTimeline:
    """A place's current and next districts in one layer: who represents it today, and where it votes next.

    `changes_on` is the first day of the next boundaries if they differ, else None.
    """

    today: list[DistrictHit]
    next: list[DistrictHit]
    changes_on: date | None = None

    @property
    def differs(self) -> bool:
        """Return whether the place votes next in a different division than the current one."""
        return [hit.ocd_id for hit in self.today] != [hit.ocd_id for hit in self.next]


@dataclass(frozen=True)
class Share:
    """A division's share of a ZIP code, 0 to 1: of its `houses` or `area`; None is possible for a `list`."""

    hit: DistrictHit
    share: float | None
    basis: Basis = "houses"


Districts = dict[str, list[DistrictHit]]

_open_vintages: OrderedDict[str, OpenVintage] = OrderedDict()
_lock = threading.Lock()
_address_indexes: dict[str, AddressIndex] = {}
_live_cache: dict[str, tuple[float, list[Vintage]]] = {}
# Date to the vintages in force, valid for the list of live vintages they derive from.
_in_force: dict[date, tuple[list[Vintage] | None, dict[str, Vintage]]] = {}


def open_folder(folder: str) -> OpenVintage:
    """Return a vintage's folder, opened once per process; folders are immutable, so the name is a sufficient key."""
    found = _open_vintages.get(folder)
    if found is None:
        found = OpenVintage(boundaries_folder() / folder)
        with _lock:
            _open_vintages[folder] = found
            if len(_open_vintages) > MAX_OPEN_VINTAGES:
                _open_vintages.popitem(last=False)
    return found


def _open_vintage(vintage: Vintage) -> OpenVintage:
    return open_folder(vintage.folder)


def _live_vintages() -> list[Vintage]:
    """Return the live vintages without their reports, cached for CACHE_SECONDS outside transactions.

    The query costs more than a lookup. Loads of other processes take effect when the cache expires, those of this
    process at once.
    """
    if connection.in_atomic_block:
        return list(Vintage.objects.live().defer("report"))
    key = str(settings.DATA_DIR)
    read_at, vintages = _live_cache.get(key, (-math.inf, []))
    if time.monotonic() - read_at > CACHE_SECONDS:
        vintages = list(Vintage.objects.live().defer("report"))
        _live_cache[key] = time.monotonic(), vintages
    return vintages


def clear_vintage_cache() -> None:
    """Clear the cache of live vintages; called after every write of vintages."""
    _live_cache.clear()


def today() -> date:
    """Return today's date in the installation's time zone."""
    return timezone.localdate()


def vintages_on(day: date | None = None, layer: str | None = None) -> dict[str, Vintage]:
    """Return the vintage in force on a date (default: today) by layer.

    Of several, the one with the latest valid_from, then the one loaded last. A missing date is open.
    """
    day, live = day or today(), _live_vintages()
    cached_for, by_layer = _in_force.get(day, (None, {}))
    if cached_for is not live:
        in_force = sorted(
            (vintage for vintage in live if vintage.in_force_on(day)),
            key=lambda vintage: (vintage.layer, vintage.valid_from or date.min, vintage.pk),
        )
        by_layer = {vintage.layer: vintage for vintage in in_force}
        if len(_in_force) > MAX_OPEN_VINTAGES:
            _in_force.clear()
        _in_force[day] = live, by_layer
    return {name: vintage for name, vintage in by_layer.items() if layer in (None, name)}


def districts_at(lon: float, lat: float, on: date | None = None) -> Districts:
    """Return every division that contains a point by layer; a layer without one has an empty list."""
    return _districts_in(vintages_on(on), lon, lat)


def _districts_in(vintages: dict[str, Vintage], lon: float, lat: float) -> Districts:
    opened = {layer: _open_vintage(vintage) for layer, vintage in vintages.items()}
    polygons = locate(tuple(open_vintage.cells.one for open_vintage in opened.values()), lon, lat)
    return {
        layer: [_hit(vintages[layer], opened[layer], number) for number in numbers]
        for layer, numbers in zip(opened, polygons, strict=True)
    }


def _hit(vintage: Vintage, opened: OpenVintage, number: int) -> DistrictHit:
    name = opened.names[number] or plain_name(opened.ids[number], vintage.layer)
    return DistrictHit(opened.ids[number], name, vintage.layer, vintage)


def plain_name(ocd_id: str, layer: str) -> str:
    """Return a division's name derived from its id, such as 'Congressional district 4'."""
    last = ocd_id.rpartition(":")[2].replace("_", " ")
    return f"{gettext(layer_definition(layer).title)} {last.upper() if len(last) < 4 else last.title()}"


@dataclass(frozen=True)
class PointBatch:
    """The divisions of many points in one layer: (point, division) pairs by point; divisions are indexes in `ids`."""

    vintage: Vintage
    ids: list[str]
    points: np.ndarray
    divisions: np.ndarray


def lookup_many(lon: Floats, lat: Floats, on: date | None = None) -> dict[str, PointBatch]:
    """Return all divisions of many points (degrees) by layer; invalid coordinates, including NaN, have no pair."""
    found = {}
    for layer, vintage in vintages_on(on).items():
        opened = _open_vintage(vintage)
        found[layer] = PointBatch(vintage, opened.ids, *opened.cells.pairs(lon, lat))
    return found


def timelines_at(
    lon: float, lat: float, day: date | None = None, seats_from: date | None = None
) -> dict[str, DistrictTimeline]:
    """Return a point's current and next districts by layer.

    `seats_from` is the first day of the term that the next election fills; its boundaries apply to that election.
    Without it, the next known vintage of each layer applies.
    """
    day = day or today()
    now = vintages_on(day)
    after = vintages_on(seats_from) if seats_from and seats_from > day else _next_vintages(day, now)
    today_hits = _districts_in(now, lon, lat)
    # A layer whose boundaries expire without a successor stays as it is.
    next_hits = today_hits | _districts_in(after, lon, lat)
    return {layer: _timeline(layer, now, after, today_hits, next_hits) for layer in sorted({*now, *after})}


def _timeline(
    layer: str, now: dict[str, Vintage], after: dict[str, Vintage], today_hits: Districts, next_hits: Districts
) -> DistrictTimeline:
    clock = DistrictTimeline(today_hits.get(layer, []), next_hits[layer])
    changes = after[layer].valid_from if layer in after and after.get(layer) != now.get(layer) else None
    return DistrictTimeline(clock.today, clock.next, changes) if clock.differs else clock


def _next_vintages(day: date, now: dict[str, Vintage]) -> dict[str, Vintage]:
    """Return by layer the first vintage that takes effect after a date, or else the one in force."""
    later = [vintage for vintage in _live_vintages() if vintage.valid_from and vintage.valid_from > day]
    later.sort(key=lambda vintage: (vintage.valid_from, -vintage.pk), reverse=True)
    return now | {vintage.layer: vintage for vintage in later}


def address_index() -> AddressIndex:
    """Return the index of loaded addresses, one per process."""
    key = str(settings.DATA_DIR)
    found = _address_indexes.get(key)
    if found is None:
        found = _address_indexes.setdefault(key, AddressIndex(addresses_file()))
    return found


@dataclass(frozen=True)
class AddressDistricts:
    """The result for an address: a match with its districts, choices, or not found."""

    answer: AddressResult
    districts: Districts


def find_address(address: str | ParsedAddress) -> AddressResult:
    """Return an address's location from loaded files, or else from the online geocoder if it is enabled."""
    answer = address_index().find_text(address) if isinstance(address, str) else address_index().find(address)
    return (find_online(address) or answer) if isinstance(answer, NotFound) else answer


def districts_for_address(address: str | ParsedAddress, on: date | None = None) -> AddressDistricts:
    """Return the districts of an address, given on one line or in parts."""
    answer = find_address(address)
    return AddressDistricts(
        answer, districts_at(answer.lon, answer.lat, on) if isinstance(answer, AddressMatch) else {}
    )


def districts_for_zip(zip_code: str, on: date | None = None) -> dict[str, list[Share]]:
    """Return all divisions of a ZIP code with their shares by layer; empty if no loaded file has the ZIP code.

    If a layer has more than one division, only a street address decides.
    """
    vintages = {vintage.folder: vintage for vintage in vintages_on(on).values()}
    shares = {}
    for folder, found in zip_shares(zip_code[:5], vintages.values()).items():
        vintage, opened = vintages[folder], _open_vintage(vintages[folder])
        shares[vintage.layer] = [
            Share(_hit(vintage, opened, opened.numbers[division]), share, found.basis)
            for division, share in found.shares.items()
            if division in opened.numbers
        ]
    return {layer: layer_shares for layer, layer_shares in shares.items() if layer_shares}


def division(ocd_id: str, on: date | None = None, layer: str | None = None) -> DistrictHit | None:
    """Return a division by its id from the first layer that has it on a date; None if no layer has it."""
    for vintage in vintages_on(on, layer).values():
        opened = _open_vintage(vintage)
        if ocd_id in opened.numbers:
            return _hit(vintage, opened, opened.numbers[ocd_id])
    return None


def division_of_vintage(ocd_id: str, vintage_id: int) -> DistrictHit | None:
    """Return a division of a live vintage; None if that vintage is not live or has no such division."""
    for vintage in _live_vintages():
        if vintage.pk == vintage_id and ocd_id in (opened := _open_vintage(vintage)).numbers:
            return _hit(vintage, opened, opened.numbers[ocd_id])
    return None


def vintage_ids(vintage: Vintage) -> list[str]:
    """Return the OCD ids of a vintage."""
    return _open_vintage(vintage).ids


def divisions_in_force(on: date | None = None) -> Iterator[tuple[str, str]]:
    """Yield the id and name of every division of every layer in force on a date; a name may be empty."""
    for vintage in vintages_on(on).values():
        opened = _open_vintage(vintage)
        yield from zip(opened.ids, opened.names, strict=True)


def divisions_in(layer: str, container: str, on: date | None = None) -> list[DistrictHit]:
    """Return the divisions of a layer inside another one by their ids, like a state's counties, sorted by id."""
    return sorted(
        (
            _hit(vintage, opened, number)
            for vintage in vintages_on(on, layer).values()
            for opened in [_open_vintage(vintage)]
            for number, ocd_id in enumerate(opened.ids)
            if ocd_id.startswith(f"{container}/")
        ),
        key=lambda hit: hit.ocd_id,
    )


def outline(ocd_id: str, on: date | None = None) -> dict[str, Any] | None:
    """Return a division's simplified outline as a GeoJSON geometry: for maps, never for lookups."""
    hit = division(ocd_id, on)
    if hit is None:
        return None
    opened = _open_vintage(hit.vintage)
    return opened.outline(opened.numbers[ocd_id])


def neighbors(ocd_id: str, on: date | None = None) -> list[DistrictHit]:
    """Return the divisions of the same layer that touch one, sorted by id."""
    hit = division(ocd_id, on)
    return neighbors_of(hit) if hit else []


def neighbors_of(hit: DistrictHit) -> list[DistrictHit]:
    """Return the divisions of the same vintage that touch one, sorted by id."""
    opened = _open_vintage(hit.vintage)
    hits = [_hit(hit.vintage, opened, number) for number in opened.neighbors(opened.numbers[hit.ocd_id])]
    return sorted(hits, key=lambda hit: hit.ocd_id)


__all__ = [
    "AddressDistricts",
    "AddressMatch",
    "Choices",
    "DistrictHit",
    "DistrictTimeline",
    "NotFound",
    "ParsedAddress",
    "PointBatch",
    "Share",
    "districts_at",
    "districts_for_address",
    "districts_for_zip",
    "division",
    "divisions_in",
    "lookup_many",
    "neighbors",
    "outline",
    "timelines_at",
    "vintages_on",
]
