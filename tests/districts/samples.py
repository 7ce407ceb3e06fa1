"""Synthetic boundaries and address files, and functions that load them."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from apps.districts import services
from apps.districts.models import Vintage
from tests.districts.files import parquet

STATE = "ocd-division/country:us/state:qx"
EAST = shapely.LineString([(-100, 40), (-99.998, 40)])  # 170 m, drawn from west to east
RANGES: list[tuple[Any, ...]] = [
    # FULLNAME, LFROMHN, LTOHN, RFROMHN, RTOHN, ZIPL, ZIPR, PARITYL, PARITYR, line
    ("Main St", "100", "198", "101", "199", "00501", "00501", "E", "O", EAST),
    (
        "Main Ave",
        "100",
        "198",
        None,
        None,
        "00501",
        None,
        "E",
        None,
        shapely.LineString([(-100.1, 40), (-100.1, 40.01)]),
    ),
    ("Down Rd", "598", "500", "599", "501", "00502", "00502", "E", "O", EAST),
    ("N Elm Blvd", "N6W23001", "N6W23099", "1-01", "1-99", "00502", "00502", None, None, EAST),
    (
        "Main St",
        "100",
        "198",
        None,
        None,
        "00503",
        None,
        "E",
        None,
        shapely.LineString([(-101, 41), (-101, 41.01)]),
    ),
    ("State Hwy 7", "1", "99", "2", "98", "00504", "00504", "B", "B", EAST),
    (None, "1", "99", None, None, "00504", None, None, None, EAST),
]
NAMES = ["FULLNAME", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN", "ZIPL", "ZIPR", "PARITYL", "PARITYR"]


def ranges_file(path: Path, write: Any = parquet) -> Path:
    *columns, lines = (list(column) for column in zip(*RANGES, strict=True))
    made: Path = write(path, np.array(lines), **dict(zip(NAMES, columns, strict=True)))
    return made


def points_file(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["LON", "LAT", "NUMBER", "STREET", "UNIT", "CITY", "DISTRICT", "REGION", "POSTCODE"], *rows]
        )
    return path


def halves(at: float) -> np.ndarray:
    """Return a fictional state cut in two at a longitude."""
    return np.array([shapely.box(-101, 39, at, 42), shapely.box(at, 39, -98, 42)])


def load(tmp_path: Path, layer: str, vintage: str, geometries: Any, **options: Any) -> Vintage:
    ids = options.pop("ids", [f"{STATE}/{layer}:{n + 1}" for n in range(len(geometries))])
    names = [f"District {n + 1}" for n in range(len(geometries))]
    path = parquet(tmp_path / f"{layer}-{vintage}.parquet", geometries, ocdid=ids, name=names)
    return services.load_boundaries(path=path, layer=layer, vintage=vintage, **options)
