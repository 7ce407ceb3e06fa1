"""Draws the choropleth of a member's contacts: the divisions of one layer in one state, darker where more contacts
live.

One hue in five shades with the count printed, so that ten contacts in three counties read as well as five hundred in
all of them. Outlines are simplified for drawing; never use them to decide in which district an address lies.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import shapely
from shapely.geometry import shape

from apps.districts import lookup

WIDTH = 640
MARGIN = 10
SHADES = 5
# Minimum width of a division for a label, in SVG units.
LABEL_SPACE = 36.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class DivisionShape:
    """Describe one drawn division: `shade` 0 means no contact, else 1 to 5; the label is centered at (x, y)."""

    ocd_id: str
    name: str
    path: str
    shade: int
    number: int
    x: int
    y: int
    fits: bool

    @property
    def dark(self) -> bool:
        """Return whether the label needs light text."""
        return self.shade > 3


@dataclass(frozen=True)
class Choropleth:
    """Hold a drawn map, its legend and the source of its boundaries."""

    shapes: list[DivisionShape]
    height: int
    source: str
    shade_ranges: list[tuple[int, int, int]]

    @property
    def view_box(self) -> str:
        """Return the SVG view box."""
        return f"0 0 {WIDTH} {self.height}"


def draw_choropleth(layer: str, state: str, counts: Mapping[str, int]) -> Choropleth | None:
    """Return the map of a layer within a state's division, or None if its boundaries are not loaded."""
    hits = lookup.divisions_in(layer, state)
    outlines = {hit.ocd_id: outline for hit in hits if (outline := lookup.outline(hit.ocd_id)) is not None}
    if not outlines:
        return None
    maximum = max((counts.get(ocd_id, 0) for ocd_id in outlines), default=0)
    frame = _Projection(tuple(shapely.total_bounds([shape(item) for item in outlines.values()])))
    drawn = [
        _division_shape(hit, outlines[hit.ocd_id], counts.get(hit.ocd_id, 0), maximum, frame)
        for hit in hits
        if hit.ocd_id in outlines
    ]
    source = f"{hits[0].vintage.source} ({hits[0].vintage.name})"
    return Choropleth(drawn, frame.height, source, shade_ranges(counts.get(item.ocd_id, 0) for item in drawn))


def shade_step(count: int, maximum: int) -> int:
    """Return the shade (0 to 5) of a count on a logarithmic scale, because contacts concentrate in one place."""
    if maximum <= SHADES:
        return count
    return (
        0 if not count else min(SHADES, max(1, math.ceil(SHADES * math.log(count + 1) / math.log(maximum + 1) - 1e-9)))
    )


def shade_ranges(counts: Iterable[int]) -> list[tuple[int, int, int]]:
    """Return (shade, lowest count, highest count) for each shade in use, for the legend."""
    positive = sorted(filter(None, counts))
    groups = groupby(positive, lambda count: shade_step(count, positive[-1]))
    return [(step, members[0], members[-1]) for step, members in ((step, list(group)) for step, group in groups)]


class _Projection:
    """Convert degrees to SVG units by an equirectangular projection at the map's middle latitude."""

    def __init__(self, bounds: Box) -> None:
        self.west, south, east, self.north = bounds
        self.squeeze = math.cos(math.radians((south + self.north) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / max((east - self.west) * self.squeeze, 1e-9)
        self.height = round((self.north - south) * self.scale) + 2 * MARGIN

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        x = MARGIN + (lon - self.west) * self.squeeze * self.scale
        return round(x), round(MARGIN + (self.north - lat) * self.scale)


def _division_shape(
    hit: lookup.DistrictHit, outline: dict[str, Any], count: int, maximum: int, frame: _Projection
) -> DivisionShape:
    geometry = shape(outline)
    circle = shapely.maximum_inscribed_circle(geometry) if count else None
    center = circle.coords[0] if circle is not None else (0.0, 0.0)
    label_space = circle.length * 2 * frame.scale * frame.squeeze if circle is not None else 0.0
    return DivisionShape(
        hit.ocd_id,
        hit.name,
        "".join(_ring_path(ring, frame) for ring in _outline_rings(outline)),
        shade_step(count, maximum),
        count,
        *frame.at(*center[:2]),
        fits=label_space > LABEL_SPACE * (0.6 + 0.25 * len(str(count))),
    )


def _outline_rings(outline: dict[str, Any]) -> Iterator[list[list[float]]]:
    kind, parts = outline["type"], outline["coordinates"]
    for polygon in {"Polygon": [parts], "MultiPolygon": parts}.get(kind, []):
        yield from polygon


def _ring_path(ring: list[list[float]], frame: _Projection) -> str:
    points = list(dict.fromkeys(frame.at(*point[:2]) for point in ring))
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z" if len(points) > 2 else ""
