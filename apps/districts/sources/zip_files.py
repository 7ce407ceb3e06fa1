"""Files about ZIP codes: their areas (Census ZCTA polygons), or tables of which ZIP code touches which division."""

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

# So many places stand for the area of one ZIP code: a division that holds half a percent of it is seen.
PLACES: Final = 200
ZIP: Final = re.compile(r"GEOID_ZCTA5_\d\d|zcta|zip", re.IGNORECASE)
# The Census's relationship files carry the land that both sides share, in square metres.
WEIGHT: Final = re.compile(r"AREALAND_PART|share", re.IGNORECASE)
# GEOID_CD119_20 of a relationship file: two digits of the state, then the district's code.
DISTRICT: Final = re.compile(r"GEOID_(CD\d+)_\d\d")


def is_table(path: Path) -> bool:
    """Whether a file is a table and not one of shapes."""
    return path.name.lower().endswith((".csv", ".csv.gz", ".txt"))


def read_zip_areas(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Each ZIP code with places (longitude, latitude, weight) spread evenly over its area."""
    areas = read_boundaries(path, "zip_area")
    for code, shape in zip(areas.ids, areas.geometries, strict=True):
        places = _spread(shape)
        yield code, np.column_stack([places, np.full(len(places), shape.area / len(places))])


def _spread(shape: shapely.Geometry) -> np.ndarray:
    """Places on an even grid inside a shape, in degrees; of a shape narrower than the grid one place inside."""
    west, south, east, north = shape.bounds
    step = (shape.area / PLACES) ** 0.5
    lon, lat = np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, lon, lat)
    if not inside.any():
        return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape)))
    return np.column_stack([lon[inside], lat[inside]])


@dataclass
class ZipTable:
    """Rows of ZIP code, division and weight (None where the table has none), and what was left out, by reason."""

    rows: list[tuple[str, str, float | None]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def read_zip_table(path: Path, layer: str) -> ZipTable:
    """Reads a table of one layer, with ids or with the columns that the layer's definition turns into ids.

    Raises BadInput naming the file where it cannot be used, Refused where no row of it can.
    """
    rows = _records(path)
    columns = list(rows[0]) if rows else []
    zip_column = next((name for name in columns if ZIP.fullmatch(name)), None)
    weight_column = next((name for name in columns if WEIGHT.fullmatch(name)), None)
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
        ocd_id, why = (row["ocdid"], "no id") if facts is None else definition.id_of(_facts(facts, row))
        if not re.fullmatch(r"[0-9]{5}", code):
            table.skipped["no ZIP code"] += 1
        elif not ocd_id:
            table.skipped[why] += 1
        else:
            table.rows.append((code, ocd_id, _weight(row.get(weight_column or ""))))
    if not table.rows:
        raise Refused(f"{path.name} has no usable row; nothing was loaded. Left out: {dict(table.skipped)}")
    return table


def _facts(facts: dict[str, str], row: dict[str, Any]) -> dict[str, Any]:
    return {fact: row[column] for fact, column in facts.items()} | {"postal": row.get("state_abbr")}


def _weight(text: str | None) -> float | None:
    """A share, or square metres; None where there is none."""
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
    """A row of a relationship file with state and district under the names that boundary files use."""
    for name, value in list(row.items()):
        if name and (match := DISTRICT.fullmatch(name)):
            row |= {"STATEFP": (value or "")[:2], f"{match[1]}FP": (value or "")[2:]}
    return row
