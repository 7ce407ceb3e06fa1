"""Maps of divisions from loaded outlines: JSON for Leaflet, and the SVG shown until Leaflet has loaded.

Outlines are simplified for drawing; never use them to decide in which district an address lies.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from shapely.geometry import shape as shape_of

from apps.core.types import FileValue
from apps.districts import lookup

from .labels import division_label, map_label

# SVG units: large enough for smooth lines at integer coordinates.
SVG_SIZE = 600
# Margin around the division, as a share of its size.
MARGIN_SHARE = 0.45
# Decimals of a degree: about 11 m, finer than a screen pixel at any zoom of a district.
DECIMALS = 4

Point = tuple[float, float]


@dataclass(frozen=True)
class MapShape:
    """Describe one division on a map. `kind` is mine, next (of the next election) or other (a neighbor)."""

    kind: str
    name: str
    short: str
    geometry: dict[str, Any]
    label_point: Point


@dataclass(frozen=True)
class LayerMap:
    """Hold one layer's map: shapes in drawing order, and the frame (west, south, east, north) around `mine`."""

    layer: str
    title: str
    shapes: list[MapShape]
    frame: tuple[float, float, float, float]
    home: Point | None = None
    sources: list[str] = field(default_factory=list)

    @property
    def mine(self) -> MapShape:
        """Return the division that the map is about."""
        return next(shape for shape in self.shapes if shape.kind == "mine")

    @property
    def next(self) -> MapShape | None:
        """Return the division of the next election if it differs."""
        return next((shape for shape in self.shapes if shape.kind == "next"), None)

    @property
    def view_box(self) -> str:
        """Return the SVG view box."""
        return f"0 0 {SVG_SIZE} {SVG_SIZE}"

    def paths(self) -> Iterator[tuple[str, str]]:
        """Yield (class, path data) per shape, neighbors first and `mine` above them."""
        for shape in sorted(self.shapes, key=lambda item: ("other", "mine", "next").index(item.kind)):
            yield shape.kind, self._path(shape.geometry)

    def labels(self) -> Iterator[tuple[str, int, int]]:
        """Yield (label, x, y) for labels within the frame."""
        for shape in self.shapes:
            x, y = self._project(shape.label_point)
            if shape.kind != "next" and 30 < x < SVG_SIZE - 30 and 30 < y < SVG_SIZE - 20:
                yield shape.short, x, y

    def home_at(self) -> tuple[int, int] | None:
        """Return the position of the address in SVG units."""
        return self._project(self.home) if self.home else None

    def _project(self, point: Iterable[float]) -> tuple[int, int]:
        lon, lat = point
        west, south, east, north = self.frame
        squeeze = math.cos(math.radians((south + north) / 2))
        scale = SVG_SIZE / max((east - west) * squeeze, north - south)
        x = SVG_SIZE / 2 + (lon - (west + east) / 2) * squeeze * scale
        y = SVG_SIZE / 2 - (lat - (south + north) / 2) * scale
        return round(x), round(y)

    def _path(self, geometry: dict[str, Any]) -> str:
        return "".join(self._ring(ring) for ring in _outline_rings(geometry))

    def _ring(self, ring: list[list[float]]) -> str:
        points: list[tuple[int, int]] = []
        for lonlat in ring:
            point = self._project(lonlat[:2])
            if not points or point != points[-1]:
                points.append(point)
        return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z" if len(points) > 2 else ""

    def as_json(self) -> dict[str, Any]:
        """Return the data that the script draws: points as Leaflet's (lat, lon), geometries as GeoJSON."""
        west, south, east, north = self.frame
        return {
            "frame": [[south, west], [north, east]],
            "home": [self.home[1], self.home[0]] if self.home else None,
            "shapes": [
                {
                    "kind": shape.kind,
                    "name": shape.short,
                    "at": [shape.label_point[1], shape.label_point[0]],
                    "geometry": shape.geometry,
                }
                for shape in self.shapes
            ],
        }


def _outline_rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield from polygon


def _round_coordinates(value: FileValue) -> Any:
    return [_round_coordinates(item) for item in value] if isinstance(value, list) else round(value, DECIMALS)


def _map_shape(kind: str, hit: lookup.DistrictHit, day: date | None) -> MapShape | None:
    geometry = lookup.outline(hit.ocd_id, day)
    if geometry is None or geometry["type"] not in {"Polygon", "MultiPolygon"}:
        return None
    point = shapely.point_on_surface(shape_of(geometry))
    rounded = {"type": geometry["type"], "coordinates": _round_coordinates(geometry["coordinates"])}
    at = (round(point.x, DECIMALS), round(point.y, DECIMALS))
    return MapShape(kind, division_label(hit), map_label(hit), rounded, at)


def layer_map(
    title: str,
    hit: lookup.DistrictHit,
    on: date | None = None,
    coming: lookup.DistrictHit | None = None,
    coming_on: date | None = None,
    home: Point | None = None,
) -> LayerMap | None:
    """Return the map of a division among its neighbors, or None without an outline."""
    shape = _map_shape("mine", hit, on)
    if shape is None:
        return None
    shapes = [shape, *(_map_shape("other", neighbor, on) for neighbor in lookup.neighbors(hit.ocd_id, on))]
    sources = [source_label(hit)]
    if coming is not None:
        shapes.append(_map_shape("next", coming, coming_on))
        sources.append(source_label(coming))
    drawn = [shape for shape in shapes if shape is not None]
    return LayerMap(hit.layer, title, drawn, _frame(drawn), home, sources)


def source_label(hit: lookup.DistrictHit) -> str:
    """Return the file and vintage of a division's boundaries."""
    return f"{hit.vintage.source} ({hit.vintage.name})"


def _frame(shapes: list[MapShape]) -> tuple[float, float, float, float]:
    """Return the frame around `mine`; of the next division only the part nearby is shown."""
    west, south, east, north = shape_of(next(shape for shape in shapes if shape.kind == "mine").geometry).bounds
    margin = MARGIN_SHARE * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin
