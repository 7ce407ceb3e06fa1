"""Maps of divisions from our own outlines: JSON for Leaflet, and the SVG that stands there until Leaflet comes.

Outlines are simplified: for drawing, never for an answer.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from shapely.geometry import shape as shape_of

from apps.districts import lookup

from .labels import division_word, short_word

# The SVG's inner units: wide enough that whole numbers draw smooth lines.
SIZE = 600
# How much of the neighbourhood shows around the division, as a share of its size.
AROUND = 0.45
# Degrees to this many decimals: about 11 m, finer than a screen's dot at any zoom of a district.
DECIMALS = 4

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """One division on a map. kind: mine, next (where one votes next) or other (a neighbour)."""

    kind: str
    name: str
    short: str
    geometry: dict[str, Any]
    at: Point


@dataclass(frozen=True)
class LayerMap:
    """One layer's map: shapes, drawn in order, and the frame (west, south, east, north) around what is mine."""

    layer: str
    title: str
    shapes: list[Shape]
    frame: tuple[float, float, float, float]
    home: Point | None = None
    sources: list[str] = field(default_factory=list)

    @property
    def mine(self) -> Shape:
        """The division that the map is about."""
        return next(shape for shape in self.shapes if shape.kind == "mine")

    @property
    def next(self) -> Shape | None:
        """The division one votes in next, where it is another one."""
        return next((shape for shape in self.shapes if shape.kind == "next"), None)

    @property
    def view_box(self) -> str:
        """The SVG's frame."""
        return f"0 0 {SIZE} {SIZE}"

    def paths(self) -> Iterator[tuple[str, str]]:
        """Yield (class, path data) of each shape, neighbours first and what is mine on top."""
        for shape in sorted(self.shapes, key=lambda each: ("other", "mine", "next").index(each.kind)):
            yield shape.kind, self._path(shape.geometry)

    def labels(self) -> Iterator[tuple[str, int, int]]:
        """Yield (words, x, y) of the labels that lie in the frame."""
        for shape in self.shapes:
            x, y = self._project(shape.at)
            if shape.kind != "next" and 30 < x < SIZE - 30 and 30 < y < SIZE - 20:
                yield shape.short, x, y

    def home_at(self) -> tuple[int, int] | None:
        """Return where the address lies in the SVG."""
        return self._project(self.home) if self.home else None

    def _project(self, point: Iterable[float]) -> tuple[int, int]:
        lon, lat = point
        west, south, east, north = self.frame
        squeeze = math.cos(math.radians((south + north) / 2))
        scale = SIZE / max((east - west) * squeeze, north - south)
        x = SIZE / 2 + (lon - (west + east) / 2) * squeeze * scale
        y = SIZE / 2 - (lat - (south + north) / 2) * scale
        return round(x), round(y)

    def _path(self, geometry: dict[str, Any]) -> str:
        return "".join(self._ring(ring) for ring in _rings(geometry))

    def _ring(self, ring: list[list[float]]) -> str:
        points: list[tuple[int, int]] = []
        for lonlat in ring:
            point = self._project(lonlat[:2])
            if not points or point != points[-1]:
                points.append(point)
        return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z" if len(points) > 2 else ""

    def as_json(self) -> dict[str, Any]:
        """Return what the script draws; coordinates as Leaflet wants them in a point, GeoJSON's in a shape."""
        west, south, east, north = self.frame
        return {
            "frame": [[south, west], [north, east]],
            "home": [self.home[1], self.home[0]] if self.home else None,
            "shapes": [
                {
                    "kind": shape.kind,
                    "name": shape.short,
                    "at": [shape.at[1], shape.at[0]],
                    "geometry": shape.geometry,
                }
                for shape in self.shapes
            ],
        }


def _rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield from polygon


def _rounded(value: Any) -> Any:
    return [_rounded(each) for each in value] if isinstance(value, list) else round(value, DECIMALS)


def _shape(kind: str, hit: lookup.DistrictHit, day: date | None) -> Shape | None:
    geometry = lookup.outline(hit.ocd_id, day)
    if geometry is None or geometry["type"] not in {"Polygon", "MultiPolygon"}:
        return None
    inside = shapely.point_on_surface(shape_of(geometry))
    rounded = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}
    at = (round(inside.x, DECIMALS), round(inside.y, DECIMALS))
    return Shape(kind, division_word(hit), short_word(hit), rounded, at)


def layer_map(
    title: str,
    mine: lookup.DistrictHit,
    on: date | None = None,
    coming: lookup.DistrictHit | None = None,
    coming_on: date | None = None,
    home: Point | None = None,
) -> LayerMap | None:
    """Return the map of a division among its neighbours; None where no outline is kept."""
    own = _shape("mine", mine, on)
    if own is None:
        return None
    shapes = [own, *(_shape("other", each, on) for each in lookup.neighbors(mine.ocd_id, on))]
    sources = [source_words(mine)]
    if coming is not None:
        shapes.append(_shape("next", coming, coming_on))
        sources.append(source_words(coming))
    drawn = [shape for shape in shapes if shape is not None]
    return LayerMap(mine.layer, title, drawn, _frame(drawn), home, sources)


def source_words(hit: lookup.DistrictHit) -> str:
    """Return the file and the vintage of a division's lines."""
    return f"{hit.vintage.source} ({hit.vintage.name})"


def _frame(shapes: list[Shape]) -> tuple[float, float, float, float]:
    """Return the frame around what is mine; of the next division only the part near it has to show."""
    west, south, east, north = shape_of(next(each for each in shapes if each.kind == "mine").geometry).bounds
    pad = AROUND * max(east - west, north - south)
    return west - pad, south - pad, east + pad, north + pad
