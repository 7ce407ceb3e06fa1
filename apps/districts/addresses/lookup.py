"""Look up the point of an address: a match, a choice between places, or the part that was not found."""

import json
import sqlite3
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

from apps.districts.addresses.files import Range
from apps.districts.addresses.interpolation import METERS_PER_DEGREE, point_along, unpack_line
from apps.districts.addresses.parse import ParsedAddress, parse_address
from apps.districts.addresses.store import connect, parse_entry
from apps.districts.addresses.streets import HouseNumber, house_number, street
from apps.matching.normalize.places import city as city_key

# Streets kept unpacked in each process: the most used tenth of a state, some 100 MB at the very most.
KEPT: Final = 20_000
MAX_CHOICES: Final = 10
MAX_CITY_WORDS: Final = 3
# Without a ZIP code a common name has rows all over the country; beyond this many, a ZIP code is required.
MOST_STREETS: Final = 200
POINT_METRES: Final = 10.0
LEAST_RANGE_METRES: Final = 15.0
# Two hits this close are one place on two sides of a ZIP code's boundary.
SAME_PLACE_DEGREES: Final = 500 / METERS_PER_DEGREE


class AddressMatch(NamedTuple):
    """The location of an address. method: point (a known address) or range (a share of its street's numbers).

    accuracy is the typical error in meters. `exact` is False if the file's number, direction, type or road differs
    from the query; such a match occurs only in `Choices`.
    """

    lon: float
    lat: float
    method: str
    accuracy: float
    number: str
    street: str
    zip: str
    city: str = ""
    exact: bool = True

    @property
    def label(self) -> str:
        """Return the matched address on one line."""
        return ", ".join(part for part in (f"{self.number} {self.street}", self.city, self.zip) if part)


@dataclass(frozen=True)
class Choices:
    """Several places match, or one that differs from the query; the person must choose.

    `more` tells that there are more than are listed.
    """

    options: tuple[AddressMatch, ...]
    more: bool = False

    @property
    def question(self) -> str:
        """Return the question that programs show their users, in English; pages have their own text."""
        if self.only is None:
            return "Several places fit. Which one is it?"
        return f"We have {self.only.label}. Is that it?"

    @property
    def only(self) -> AddressMatch | None:
        """Return the only place near the query, to be confirmed; None if there are several."""
        return self.options[0] if len(self.options) == 1 else None


@dataclass(frozen=True)
class NotFound:
    """No match; `missing` is the part not found: house number, street, number (on that street), zip, addresses."""

    missing: str


AddressResult = AddressMatch | Choices | NotFound


class _Street(NamedTuple):
    name: str
    zip: str
    city: str
    state: str
    pieces: list[tuple[Range | HouseNumber, list[float]]]


class AddressIndex:
    """Looks up addresses in the store; each thread has its own connection, and all share one cache of streets."""

    def __init__(self, path: Path, recheck_seconds: float = 1.0) -> None:
        """Take the store's path, opened at the first lookup, and the delay after which a load is noticed."""
        self._path = path
        self._recheck = recheck_seconds
        self._local = threading.local()
        self._streets: OrderedDict[tuple[str, str], list[_Street]] = OrderedDict()
        self._lock = threading.Lock()

    def find_text(self, text: str) -> AddressResult:
        """Look up an address entered on one line, possibly without commas."""
        typed = parse_address(text)
        answer = self.find(typed)
        if typed.city or not isinstance(answer, NotFound) or answer.missing != "street":
            return answer
        return self._with_city(typed) or answer

    def _with_city(self, typed: ParsedAddress) -> AddressResult | None:
        """Look for a city at the end of the street, `101 Broadway Tarn`; it must be a loaded place."""
        words = typed.street.split()
        if not typed.state and len(words) > 2 and len(words[-1]) == 2 and words[-1].isalpha():
            state = words.pop()
            typed = typed._replace(street=" ".join(words), state=state)
        for size in range(1, min(MAX_CITY_WORDS, len(words) - 1) + 1):
            city = " ".join(words[-size:])
            answer = self.find(typed._replace(street=" ".join(words[:-size]), city=city))
            hits: tuple[AddressMatch, ...] = ()
            if isinstance(answer, Choices):
                hits = answer.options
            elif isinstance(answer, AddressMatch):
                hits = (answer,)
            if hits and all(city_key(hit.city) == city_key(city) for hit in hits):
                return answer
        return None

    def find(self, address: ParsedAddress) -> AddressResult:
        """Look up an address in parts."""
        house = house_number(address.number) if address.number else None
        if house is None or not address.street:
            return NotFound("house number" if house is None else "street")
        key, core = street(address.street)
        candidates = self._named("key", key, address)
        hits = _hits(candidates, house, address, exact=True)
        if hits:
            return _choose(hits)
        # Another letter of the number, direction or type is near, but another place unless the person confirms it.
        looser = [each for each in self._named("core", core, address) if each not in candidates]
        hits = _near_hits(candidates, house, address) or _hits(looser, house, address, exact=False)
        return _as_question(_choose(hits)) if hits else self._missing(candidates or looser)

    def _missing(self, candidates: list[_Street]) -> NotFound:
        if candidates:
            return NotFound("number")
        empty = self._connection().execute("SELECT NOT EXISTS (SELECT 1 FROM streets)").fetchone()[0]
        return NotFound("addresses" if empty else "street")

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path)
        return connection

    def _named(self, column: str, value: str, address: ParsedAddress) -> list[_Street]:
        """Return the streets of that name in the address's ZIP code, else in its city and state."""
        found = self._cached(column, value, address.zip)
        city, state = city_key(address.city), address.state.lower()
        return [
            each
            for each in found
            if (address.zip and each.zip)
            or ((not city or city == (city_key(each.city) or city)) and state in ("", each.state or state))
        ]

    def _forget_if_loaded(self) -> None:
        """Clear the cache if another connection has written since this thread last checked."""
        now = monotonic()
        if now - getattr(self._local, "checked", -1e9) <= self._recheck:
            return
        # The check costs 4 us, a fifth of a whole lookup, so it does not run every time.
        version = self._connection().execute("PRAGMA data_version").fetchone()[0]
        if version != getattr(self._local, "version", None):
            self._local.version = version
            with self._lock:
                self._streets.clear()
        self._local.checked = now

    def _cached(self, column: str, value: str, zip_code: str) -> list[_Street]:
        self._forget_if_loaded()
        place = (f"{column} {value}", zip_code)
        found = self._streets.get(place)
        if found is None:
            found = _read(self._connection(), column, value, zip_code)
            with self._lock:
                self._streets[place] = found
                if len(self._streets) > KEPT:
                    self._streets.popitem(last=False)
        return found


def _read(connection: sqlite3.Connection, column: str, value: str, zip_code: str) -> list[_Street]:
    where = f"{column} = ? AND zip IN (?, '')" if zip_code else f"{column} = ?"
    rows = connection.execute(
        f"SELECT name, zip, city, state, pieces, lines FROM streets WHERE {where} LIMIT {MOST_STREETS}",  # noqa: S608 - no outside text
        [value, zip_code] if zip_code else [value],
    )
    streets = []
    for name, zip_, city, state, pieces, lines in rows:
        line = unpack_line(lines)
        entries = [
            (parse_entry(entry), line[start : start + size].tolist()) for entry, start, size in json.loads(pieces)
        ]
        streets.append(_Street(name, zip_, city, state, entries))
    return streets


def _hits(streets: list[_Street], house: HouseNumber, address: ParsedAddress, *, exact: bool) -> list[AddressMatch]:
    found = (_in_street(each, house, address, exact) for each in streets)
    return [hit for hit in found if hit is not None]


def _near_hits(streets: list[_Street], house: HouseNumber, address: ParsedAddress) -> list[AddressMatch]:
    """Return known points whose number differs only by its letter or fraction: 121 for 121A."""
    return [
        _point(where, entry, line, address, exact=False)
        for where in streets
        for entry, line in where.pieces
        if isinstance(entry, HouseNumber) and entry[:2] == house[:2]
    ]


def _point(
    where: _Street, entry: HouseNumber, line: list[float], address: ParsedAddress, *, exact: bool
) -> AddressMatch:
    """Return a known point, with its number as in the file."""
    zip_code, city = where.zip or address.zip, where.city.title()
    return AddressMatch(line[0], line[1], "point", POINT_METRES, entry.text, where.name, zip_code, city, exact)


def _as_question(answer: AddressMatch | Choices) -> Choices:
    """Turn an inexact match into a question."""
    return Choices((answer,)) if isinstance(answer, AddressMatch) else answer


def _in_street(where: _Street, house: HouseNumber, address: ParsedAddress, exact: bool) -> AddressMatch | None:
    number, zip_code = address.number.upper(), where.zip or address.zip
    ranged = None
    for entry, line in where.pieces:
        if isinstance(entry, Range):
            if ranged is None and entry.holds(house):
                ranged = entry, line
        elif entry == house:
            return _point(where, entry, line, address, exact=exact)
    if ranged is None:
        return None
    entry, line = ranged
    lon, lat, metres = point_along(line, entry.share(house.number), entry.left)
    accuracy = round(max(LEAST_RANGE_METRES, metres / 2), 1)
    return AddressMatch(lon, lat, "range", accuracy, number, where.name, zip_code, where.city.title(), exact)


def _choose(hits: list[AddressMatch]) -> AddressMatch | Choices:
    """Return one place, known points first, or the choice between places that are clearly apart."""
    if len(hits) == 1:
        return hits[0]
    apart: list[AddressMatch] = []
    known = {(street(hit.street).key, hit.zip) for hit in hits if hit.method == "point"}
    for hit in sorted(hits, key=lambda hit: hit.method):
        outdone = hit.method == "range" and (street(hit.street).key, hit.zip) in known
        if not outdone and not any(_same_place(hit, other) for other in apart):
            apart.append(hit)
    if len(apart) == 1:
        return apart[0]
    return Choices(tuple(apart[:MAX_CHOICES]), len(apart) > MAX_CHOICES)


def _same_place(a: AddressMatch, b: AddressMatch) -> bool:
    near = abs(a.lat - b.lat) < SAME_PLACE_DEGREES and abs(a.lon - b.lon) < 2 * SAME_PLACE_DEGREES
    return near and street(a.street).key == street(b.street).key
