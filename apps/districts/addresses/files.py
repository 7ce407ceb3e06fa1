"""Read address files: TIGER address ranges (ADDRFEAT), and address points with the columns of OpenAddresses."""

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import shapely

from apps.core.errors import BadInput
from apps.core.types import FileValue
from apps.districts.addresses.interpolation import point_along
from apps.districts.addresses.streets import HouseNumber, house_number
from apps.districts.sources.files import GeoTable, read_geo_table
from apps.districts.sources.projection import to_degrees

RANGE_COLUMNS = ("FULLNAME", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN", "ZIPL", "ZIPR")
POINT_COLUMNS = ("number", "street")
# Points that represent the houses on one side of a street when ZIP codes are divided by district.
SAMPLES_PER_SIDE = 3


class Range(NamedTuple):
    """One side of a street segment: `first` is at the line's start, and may be the larger number.

    parity is E, O or B (both).
    """

    prefix: str
    first: int
    last: int
    parity: str
    left: bool

    def holds(self, house: HouseNumber) -> bool:
        """Return whether the range includes a house number."""
        low, high = (self.first, self.last) if self.first <= self.last else (self.last, self.first)
        return (
            low <= house.number <= high
            and self.prefix == house.prefix
            and (self.parity == "B" or (self.parity == "E") == (house.number % 2 == 0))
        )

    def share(self, number: int) -> float:
        """Return the house's position along the line, 0 to 1."""
        return (number - self.first) / (self.last - self.first) if self.last != self.first else 0.5

    @property
    def houses(self) -> int:
        """Return the number of house numbers in the range."""
        return abs(self.last - self.first) // (1 if self.parity == "B" else 2) + 1


class AddressRow(NamedTuple):
    """One side of a street with its line, or one address with a line of one point."""

    street: str
    zip: str
    city: str
    state: str
    entry: Range | HouseNumber
    line: list[float]

    def samples(self) -> Iterator[tuple[float, float, float]]:
        """Yield longitude, latitude and weight (in houses) of points that represent this row."""
        if isinstance(self.entry, HouseNumber):
            yield self.line[0], self.line[1], 1.0
            return
        count = min(SAMPLES_PER_SIDE, self.entry.houses)
        for number in range(count):
            lon, lat, _ = point_along(self.line, (number + 0.5) / count, self.entry.left)
            yield lon, lat, self.entry.houses / count


def read_rows(path: Path, kind: str | None, skipped: Counter[str]) -> Iterator[AddressRow]:
    """Return the rows of an address file; counts skipped rows by reason in `skipped`.

    kind: addrfeat, openaddresses, or None to detect it by the columns. Raises BadInput for an invalid file.
    """
    if kind not in (None, "addrfeat", "openaddresses"):
        raise BadInput(f"--format {kind}: must be addrfeat or openaddresses.")
    if kind != "addrfeat" and _is_text_table(path):
        return _points(_csv_records(path), path, skipped)
    table = read_geo_table(path)
    upper = {name.upper(): name for name in table.columns}
    if kind != "openaddresses" and all(name in upper for name in RANGE_COLUMNS):
        return _ranges(table, upper, path, skipped)
    if kind != "addrfeat" and all(name.upper() in upper for name in POINT_COLUMNS):
        return _points(_geo_records(table, path), path, skipped)
    raise BadInput(
        f"{path.name} has neither the columns of TIGER address ranges ({', '.join(RANGE_COLUMNS)}) nor those of "
        f"OpenAddresses (lon, lat, number, street). It has: {', '.join(list(table.columns)[:20]) or 'none'}."
    )


def _is_text_table(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096)
    return (
        b"\x00" not in start
        and b"," in start.partition(b"\n")[0]
        and not start.lstrip(b"\xef\xbb\xbf \n").startswith(b"{")
    )


def _csv_records(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip().lower() for name in next(reader)]
            missing = [name for name in ("lon", "lat", *POINT_COLUMNS) if name not in header]
            if missing:
                raise BadInput(
                    f"{path.name} lacks the column {missing[0]!r} of OpenAddresses; it has {', '.join(header)}."
                )
            for values in reader:
                yield dict(zip(header, values, strict=False))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path.name} is not a UTF-8 CSV file: {error}") from error


def _geo_records(table: GeoTable, path: Path) -> Iterator[dict[str, Any]]:
    geometries, _ = to_degrees(table.geometries, table.crs, path.name)
    names = [name.lower() for name in table.columns]
    for geometry, values in zip(geometries, zip(*table.columns.values(), strict=True), strict=True):
        record = dict(zip(names, values, strict=True))
        if geometry is not None and geometry.geom_type == "Point":
            record |= {"lon": geometry.x, "lat": geometry.y}
        yield record


def _points(records: Iterable[dict[str, Any]], path: Path, skipped: Counter[str]) -> Iterator[AddressRow]:
    for record in records:
        house, place = house_number(_text(record.get("number"))), _place(record)
        street = _text(record.get("street"))
        if not (house and street and place):
            skipped["no house number" if not house else "no street" if not street else "no location"] += 1
            continue
        zip_code = _text(record.get("postcode"))[:5]
        yield AddressRow(street, zip_code, _text(record.get("city")), _text(record.get("region")), house, place)


def _place(record: dict[str, Any]) -> list[float] | None:
    try:
        lon, lat = float(record["lon"]), float(record["lat"])
    except (KeyError, TypeError, ValueError):
        return None
    return [lon, lat] if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def _ranges(table: GeoTable, upper: dict[str, str], path: Path, skipped: Counter[str]) -> Iterator[AddressRow]:
    geometries, _ = to_degrees(table.geometries, table.crs, path.name)

    def column(name: str) -> list[Any]:
        return table.columns[upper[name]] if name in upper else [None] * len(geometries)

    # LCITY and RCITY are not TIGER columns; a file may have them to distinguish towns without a ZIP code.
    names = ("{}FROMHN", "{}TOHN", "ZIP{}", "PARITY{}", "{}CITY")
    sides = [(left, [column(name.format(side)) for name in names]) for left, side in ((True, "L"), (False, "R"))]
    for number, (name, geometry) in enumerate(zip(column("FULLNAME"), geometries, strict=True)):
        line = _line(geometry)
        for left, (first, last, zips, parities, cities) in sides:
            entry = _range(first[number], last[number], _text(parities[number]), left)
            if entry is None:
                skipped["a side without house numbers"] += 1
            elif not _text(name) or line is None:
                skipped["no street" if not _text(name) else "no line"] += 1
            else:
                yield AddressRow(_text(name), _text(zips[number])[:5], _text(cities[number]), "", entry, line)


def _line(geometry: FileValue) -> list[float] | None:
    if geometry is None or geometry.is_empty:
        return None
    line = shapely.line_merge(geometry) if geometry.geom_type == "MultiLineString" else geometry
    if line.geom_type != "LineString":
        return None
    return [float(value) for value in shapely.get_coordinates(line).ravel()]


def _range(first: FileValue, last: FileValue, parity: str, left: bool) -> Range | None:
    a, b = house_number(_text(first)), house_number(_text(last))
    if a is None or b is None or a.prefix != b.prefix:
        return None
    if parity not in ("E", "O", "B"):
        parity = "B" if a.number % 2 != b.number % 2 else "E" if a.number % 2 == 0 else "O"
    return Range(a.prefix, a.number, b.number, parity, left)


def _text(value: FileValue) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
