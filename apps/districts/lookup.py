"""The facade of the district room: points, addresses and ZIP codes to districts, on any date.

Nothing here reads the voter roll, and no address or point is logged or kept.
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
from .addresses.lookup import AddressIndex, AddressMatch, Answer, Choices, NotFound
from .addresses.parse import ParsedAddress
from .models import Vintage, addresses_file
from .sources.layers import layer_definition
from .spatial_index.grid import Floats
from .spatial_index.single_point import locate
from .vintage_files import OpenVintage
from .zips import Basis, shares_of

# Opened vintages kept in each process: memory maps, of which only the pages in use count.
KEPT: Final = 64
LISTED_SECONDS: Final = 1.0
# The titles of our own layer definitions, which are data, for the catalogue.
TITLES: Final = (
    *(gettext_noop("Congressional district"), gettext_noop("State senate district"), gettext_noop("State")),
    *(gettext_noop("State house district"), gettext_noop("County"), gettext_noop("City or town")),
    *(gettext_noop("Precinct"), gettext_noop("School district"), gettext_noop("Tribal area")),
)


@dataclass(frozen=True)
class DistrictHit:
    """A division that holds a place: its OCD id, its name, its layer, and the vintage whose lines say so."""

    ocd_id: str
    name: str
    layer: str
    vintage: Vintage

    @property
    def layer_title(self) -> str:
        """The kind of division, for people."""
        return gettext(layer_definition(self.layer).title)


@dataclass(frozen=True)
class Clock:
    """One layer at one place on two clocks: who represents it today, and where it votes next.

    `changes_on` is the first day of the next lines where they differ, else None.
    """

    today: list[DistrictHit]
    next: list[DistrictHit]
    changes_on: date | None = None

    @property
    def differs(self) -> bool:
        """Whether the place votes next in another division than the one that represents it."""
        return [hit.ocd_id for hit in self.today] != [hit.ocd_id for hit in self.next]


@dataclass(frozen=True)
class Share:
    """A division's part of a ZIP code, 0 to 1: of its `houses`, else its `area`; of a `list` it may be None."""

    hit: DistrictHit
    share: float | None
    basis: Basis = "houses"


Districts = dict[str, list[DistrictHit]]

_opened: OrderedDict[str, OpenVintage] = OrderedDict()
_lock = threading.Lock()
_addresses: dict[str, AddressIndex] = {}
_listed: dict[str, tuple[float, list[Vintage]]] = {}
# Per day the vintages in force, good as long as the list that they are of.
_in_force: dict[date, tuple[list[Vintage] | None, dict[str, Vintage]]] = {}


def _open(vintage: Vintage) -> OpenVintage:
    """The vintage's index, opened once in a process; a folder never changes, so its name is the whole key."""
    found = _opened.get(vintage.folder)
    if found is None:
        found = OpenVintage(vintage.path)
        with _lock:
            _opened[vintage.folder] = found
            if len(_opened) > KEPT:
                _opened.popitem(last=False)
    return found


def _live() -> list[Vintage]:
    """The live vintages, without their reports.

    Asking the database costs more than a whole look-up, so the answer serves a second, other processes' loads come
    into force within it, and this process's at once. Inside a transaction the database is always asked.
    """
    if connection.in_atomic_block:
        return list(Vintage.objects.live().defer("report"))
    key = str(settings.DATA_DIR)
    asked, found = _listed.get(key, (-math.inf, []))
    if time.monotonic() - asked > LISTED_SECONDS:
        found = list(Vintage.objects.live().defer("report"))
        _listed[key] = time.monotonic(), found
    return found


def forget_vintages() -> None:
    """Makes the next look-up ask the database; every write of vintages calls it."""
    _listed.clear()


def today() -> date:
    """The day in the installation's time zone."""
    return timezone.localdate()


def vintages_on(day: date | None = None, layer: str | None = None) -> dict[str, Vintage]:
    """For each layer the vintage in force on a day (default today), by layer name.

    Of several the one with the latest valid_from, then the one loaded last. A missing date is open.
    """
    day, live = day or today(), _live()
    listed, found = _in_force.get(day, (None, {}))
    if listed is not live:
        fitting = sorted(
            (each for each in live if each.holds_on(day)),
            key=lambda vintage: (vintage.layer, vintage.valid_from or date.min, vintage.pk),
        )
        found = {vintage.layer: vintage for vintage in fitting}
        if len(_in_force) > KEPT:
            _in_force.clear()
        _in_force[day] = live, found
    return {name: vintage for name, vintage in found.items() if layer in (None, name)}


def districts_at(lon: float, lat: float, on: date | None = None) -> Districts:
    """Every division that holds a point, by layer; a layer in which there is none has an empty list."""
    return _at(vintages_on(on), lon, lat)


def _at(vintages: dict[str, Vintage], lon: float, lat: float) -> Districts:
    opened = {layer: _open(vintage) for layer, vintage in vintages.items()}
    found = locate(tuple(each.cells.one for each in opened.values()), lon, lat)
    return {
        layer: [_hit(vintages[layer], opened[layer], number) for number in numbers]
        for layer, numbers in zip(opened, found, strict=True)
    }


def _hit(vintage: Vintage, opened: OpenVintage, number: int) -> DistrictHit:
    name = opened.names[number] or plain_name(opened.ids[number], vintage.layer)
    return DistrictHit(opened.ids[number], name, vintage.layer, vintage)


def plain_name(ocd_id: str, layer: str) -> str:
    """A division's name from its id, where its file had none: 'Congressional district 4'."""
    last = ocd_id.rpartition(":")[2].replace("_", " ")
    return f"{gettext(layer_definition(layer).title)} {last.upper() if len(last) < 4 else last.title()}"


@dataclass(frozen=True)
class Batch:
    """Many points against one layer: (point, division) pairs by point, divisions as places in `ids`."""

    vintage: Vintage
    ids: list[str]
    points: np.ndarray
    divisions: np.ndarray


def lookup_many(lon: Floats, lat: Floats, on: date | None = None) -> dict[str, Batch]:
    """All divisions of many points, by layer. What is no place on Earth (NaN included) has no pair."""
    found = {}
    for layer, vintage in vintages_on(on).items():
        opened = _open(vintage)
        found[layer] = Batch(vintage, opened.ids, *opened.cells.pairs(lon, lat))
    return found


def clocks(lon: float, lat: float, day: date | None = None, seats_from: date | None = None) -> dict[str, Clock]:
    """Both clocks of a point, by layer.

    `seats_from` is the first day of the term that the next election fills; its lines are those to vote in.
    Without it, the next known lines of each layer are taken, however far off they are.
    """
    day = day or today()
    now = vintages_on(day)
    after = vintages_on(seats_from) if seats_from and seats_from > day else _coming(day, now)
    today_hits = _at(now, lon, lat)
    # A layer whose lines have an end but no successor is voted in as it is.
    next_hits = today_hits | _at(after, lon, lat)
    return {layer: _clock(layer, now, after, today_hits, next_hits) for layer in sorted({*now, *after})}


def _clock(
    layer: str, now: dict[str, Vintage], after: dict[str, Vintage], today_hits: Districts, next_hits: Districts
) -> Clock:
    clock = Clock(today_hits.get(layer, []), next_hits[layer])
    changes = after[layer].valid_from if layer in after and after.get(layer) != now.get(layer) else None
    return Clock(clock.today, clock.next, changes) if clock.differs else clock


def _coming(day: date, now: dict[str, Vintage]) -> dict[str, Vintage]:
    """For each layer the first vintage that comes into force after a day, else the one in force."""
    later = [each for each in _live() if each.valid_from and each.valid_from > day]
    later.sort(key=lambda each: (each.valid_from, -each.pk), reverse=True)
    return now | {each.layer: each for each in later}


def addresses() -> AddressIndex:
    """The index of loaded addresses, one in a process."""
    key = str(settings.DATA_DIR)
    found = _addresses.get(key)
    if found is None:
        found = _addresses.setdefault(key, AddressIndex(addresses_file()))
    return found


@dataclass(frozen=True)
class AddressDistricts:
    """What became of an address: the answer (found, choices or not found) and, when found, its districts."""

    answer: Answer
    districts: Districts


def find_address(address: str | ParsedAddress) -> Answer:
    """The place of an address by the loaded files, else by the online geocoder where an operator switched it on."""
    answer = addresses().find_text(address) if isinstance(address, str) else addresses().find(address)
    return (find_online(address) or answer) if isinstance(answer, NotFound) else answer


def districts_for_address(address: str | ParsedAddress, on: date | None = None) -> AddressDistricts:
    """The districts of an address, typed in one line or given in parts."""
    answer = find_address(address)
    return AddressDistricts(
        answer, districts_at(answer.lon, answer.lat, on) if isinstance(answer, AddressMatch) else {}
    )


def districts_for_zip(zip_code: str, on: date | None = None) -> dict[str, list[Share]]:
    """All divisions of a ZIP code with their shares, by layer; empty where nothing loaded has the ZIP code.

    A ZIP code is no place: where a layer has more than one division, the page has to ask for the street.
    """
    vintages = {vintage.folder: vintage for vintage in vintages_on(on).values()}
    shares = {}
    for folder, found in shares_of(zip_code[:5], vintages.values()).items():
        vintage, opened = vintages[folder], _open(vintages[folder])
        shares[vintage.layer] = [
            Share(_hit(vintage, opened, opened.numbers[division]), share, found.basis)
            for division, share in found.shares.items()
            if division in opened.numbers
        ]
    return {layer: some for layer, some in shares.items() if some}


def division(ocd_id: str, on: date | None = None, layer: str | None = None) -> DistrictHit | None:
    """A division by its id, in the first layer that has it on the day; None where none has."""
    for vintage in vintages_on(on, layer).values():
        opened = _open(vintage)
        if ocd_id in opened.numbers:
            return _hit(vintage, opened, opened.numbers[ocd_id])
    return None


def ids_of(vintage: Vintage) -> list[str]:
    """The OCD ids of a vintage."""
    return _open(vintage).ids


def divisions_in_force(on: date | None = None) -> Iterator[tuple[str, str]]:
    """The id and name of every division of every layer in force on a day; a name may be empty."""
    for vintage in vintages_on(on).values():
        opened = _open(vintage)
        yield from zip(opened.ids, opened.names, strict=True)


def divisions_in(layer: str, container: str, on: date | None = None) -> list[DistrictHit]:
    """The divisions of a layer whose ids lie under another one's, such as the counties of a state, by id."""
    return sorted(
        (
            _hit(vintage, opened, number)
            for vintage in vintages_on(on, layer).values()
            for opened in [_open(vintage)]
            for number, ocd_id in enumerate(opened.ids)
            if ocd_id.startswith(f"{container}/")
        ),
        key=lambda hit: hit.ocd_id,
    )


def outline(ocd_id: str, on: date | None = None) -> dict[str, Any] | None:
    """A division's simplified outline as a GeoJSON geometry, for maps and never for look-ups."""
    hit = division(ocd_id, on)
    if hit is None:
        return None
    opened = _open(hit.vintage)
    return opened.outline(opened.numbers[ocd_id])


def neighbours(ocd_id: str, on: date | None = None) -> list[DistrictHit]:
    """The divisions of the same layer that touch one, by id."""
    hit = division(ocd_id, on)
    if hit is None:
        return []
    opened = _open(hit.vintage)
    found = [_hit(hit.vintage, opened, number) for number in opened.neighbours(opened.numbers[ocd_id])]
    return sorted(found, key=lambda each: each.ocd_id)


__all__ = [
    "AddressDistricts",
    "AddressMatch",
    "Batch",
    "Choices",
    "Clock",
    "DistrictHit",
    "NotFound",
    "ParsedAddress",
    "Share",
    "clocks",
    "districts_at",
    "districts_for_address",
    "districts_for_zip",
    "division",
    "divisions_in",
    "lookup_many",
    "neighbours",
    "outline",
    "vintages_on",
]
