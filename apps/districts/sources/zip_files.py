"""Read files of ZIP codes: their areas (Census ZCTA polygons), or tables of the divisions that they overlap."""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from apps.core.errors import BadInput, Refused

from .boundaries import read_boundaries
from .layers import layer_definition

# Points that represent the area of one ZIP code; enough to detect a division with 0.5% of it.
POINTS_PER_ZIP: Final = 200
ZIP_COLUMN: Final = re.compile(r"GEOID_ZCTA5_\d\d|zcta|zip", re.IGNORECASE)
# The Census's relationship files have the shared land area in square meters.
WEIGHT_COLUMN: Final = re.compile(r"AREALAND_PART|share", re.IGNORECASE)
# GEOID_CD119_20 of a relationship file: two digits of the state, then the district's code.
DISTRICT_COLUMN: Final = re.compile(r"GEOID_(CD\d+)_\d\d")


def is_table(path: Path) -> bool:
    """Return whether a file is a table, by its name."""
    return path.name.lower().endswith((".csv", ".csv.gz", ".txt"))


def read_zip_areas(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each ZIP code with points (longitude, latitude, weight) spread evenly over its area."""
    areas = read_boundaries(path, "zip_area")
    for code, shape in zip(areas.ids, areas.geometries, strict=True):
        points = _grid_points(shape)
        yield code, np.column_stack([points, np.full(len(points), shape.area / len(points))])


def _grid_points(shape: shapely.Geometry) -> np.ndarray:
    """Return points of an even grid inside a shape, in degrees; a single point if it is narrower than the grid."""
    west, south, east, north = shape.bounds
    step = (shape.area / POINTS_PER_ZIP) ** 0.5
    lon, lat = np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, lon, lat)
    if not inside.any():
        return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape)))
    return np.column_stack([lon[inside], lat[inside]])


@dataclass
class ZipTable:
    """Rows of ZIP code, division and weight (None if missing), and skipped rows by reason."""

    rows: list[tuple[str, str, float | None]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def read_zip_table(path: Path, layer: str) -> ZipTable:
    """Read a table of one layer, with ids or with columns from which the layer's definition derives ids.

    Raises BadInput that names an invalid file, Refused if it has no usable row.
    """
    rows = _records(path)
    columns = list(rows[0]) if rows else []
    zip_column = next((name for name in columns if ZIP_COLUMN.fullmatch(name)), None)
    weight_column = next((name for name in columns if WEIGHT_COLUMN.fullmatch(name)), None)
    definition = layer_definition(layer)
    facts = None if "ocdid" in columns else definition.facts_in(columns)
    if zip_column is None or not (facts or "ocdid" in columns):
        raise BadInput(
            f"{path.name} needs a column of ZIP codes (zcta, zip) and either ocdid or the columns of the layer "
            f"{layer!r}. It has: {', '.join(columns[:20]) or 'none'}."
        )
    table = ZipTable()
    for row in rows:
        code = (row[zip_column] or "").strip()
        ocd_id, reason = (row["ocdid"], "no id") if facts is None else definition.id_of(_facts(facts, row))
        if not re.fullmatch(r"[0-9]{5}", code):
            table.skipped["no ZIP code"] += 1
        elif not ocd_id:
            table.skipped[reason] += 1
        else:
            table.rows.append((code, ocd_id, _weight(row.get(weight_column or ""))))
    if not table.rows:
        raise Refused(f"{path.name} has no usable row; nothing was loaded. Skipped: {dict(table.skipped)}")
    return table


def _facts(facts: dict[str, str], row: dict[str, Any]) -> dict[str, Any]:
    return {fact: row[column] for fact, column in facts.items()} | {"postal": row.get("state_abbr")}


def _weight(text: str | None) -> float | None:
    """Return a share or square meters; None if it is missing or invalid."""
    try:
        weight = float(text or "nan")
    except ValueError:
        return None
    return weight if 0 <= weight < np.inf else None


def _records(path: Path) -> list[dict[str, Any]]:
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            rows = list(csv.DictReader(file, delimiter="|" if "|" in first else ",", strict=True))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path.name} cannot be read as a table: {error}") from error
    return [_with_codes(row) for row in rows]


def _with_codes(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a relationship file with state and district codes in the columns of boundary files."""
    for name, value in list(row.items()):
        if name and (match := DISTRICT_COLUMN.fullmatch(name)):
            row |= {"STATEFP": (value or "")[:2], f"{match[1]}FP": (value or "")[2:]}
    return row
