"""Outlines of divisions for maps: rounded, with their SVG paths. Never use them to decide where an address lies."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from .lookup import DistrictHit, open_folder

# Decimals of a degree: about 11 m, finer than a screen pixel at any zoom of a district.
DECIMALS: Final = 4
# An outline and its paths take about 50 kB.
MAX_CACHED: Final = 2048
Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Projection:
    """An equirectangular projection from degrees to SVG units: (west, north) is at (margin, margin)."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    margin: float = 0.0

    def points(self, lonlat: Iterable[Point] | NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the (n, 2) integer positions of (n, 2) degrees."""
        degrees = np.asarray(lonlat, float).reshape(-1, 2)
        scaled = (degrees - (self.west, self.north)) * (self.x_scale, -self.y_scale) + self.margin
        return np.rint(scaled).astype(np.int64)

    def point(self, lon: float, lat: float) -> tuple[int, int]:
        """Return the position of one point."""
        x, y = self.points([(lon, lat)])[0].tolist()
        return x, y


class Outline:
    """A division's simplified outline."""

    def __init__(self, geometry: dict[str, Any]) -> None:
        """Round a GeoJSON polygon or multipolygon."""
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        rounded = [[np.round(np.asarray(ring)[:, :2], DECIMALS) for ring in polygon] for polygon in polygons]
        self.rings: list[NDArray[np.float64]] = [ring for polygon in rounded for ring in polygon]
        coordinates = [[ring.tolist() for ring in polygon] for polygon in rounded]
        if geometry["type"] == "Polygon":
            coordinates = coordinates[0]
        self.geojson: str = json.dumps({"type": geometry["type"], "coordinates": coordinates}, separators=(",", ":"))
        self._shape = shape(geometry)

    @cached_property
    def bounds(self) -> Box:
        """Return west, south, east, north in degrees."""
        points = np.concatenate(self.rings)
        west, south = points.min(axis=0).tolist()
        east, north = points.max(axis=0).tolist()
        return west, south, east, north

    @cached_property
    def label_point(self) -> Point:
        """Return a point inside, in degrees."""
        point = shapely.point_on_surface(self._shape)
        return round(point.x, DECIMALS), round(point.y, DECIMALS)

    @cached_property
    def inscribed_circle(self) -> tuple[float, float, float]:
        """Return the center and the radius of the largest circle inside, in degrees."""
        radius = shapely.maximum_inscribed_circle(self._shape)
        lon, lat = radius.coords[0][:2]
        return lon, lat, radius.length


def outline_of(hit: DistrictHit) -> Outline | None:
    """Return the outline of a division; None if it is no area."""
    return _cached_outline(hit.vintage.folder, hit.ocd_id)


@lru_cache(MAX_CACHED)
def _cached_outline(folder: str, ocd_id: str) -> Outline | None:
    """Cache outlines by folder: its name is unique and its files never change, so a swap needs no invalidation."""
    opened = open_folder(folder)
    geometry = opened.outline(opened.numbers[ocd_id])
    return Outline(geometry) if geometry["type"] in {"Polygon", "MultiPolygon"} else None


@lru_cache(MAX_CACHED)
def svg_path(outline: Outline, projection: Projection) -> str:
    """Return SVG path data of an outline; rings of fewer than three distinct points are left out."""
    return "".join(_ring_path(projection.points(ring)) for ring in outline.rings)


def _ring_path(points: NDArray[np.int64]) -> str:
    """Return a closed path of relative moves, which take half the bytes of absolute ones."""
    moves = np.r_[True, (points[1:] != points[:-1]).any(axis=1)]
    distinct = points[moves]
    if len(distinct) < 3:
        return ""
    (x, y), steps = distinct[0].tolist(), np.diff(distinct, axis=0).ravel().tolist()
    return f"M{x} {y}l{' '.join(map(str, steps)).replace(' -', '-')}z"
