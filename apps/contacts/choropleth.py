"""Draws the choropleth of a member's contacts: the divisions of one layer in one state, darker where more contacts
live.

One hue in five shades with the count printed, so that ten contacts in three counties read as well as five hundred in
all of them. Outlines are simplified for drawing; never use them to decide in which district an address lies.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from apps.districts import lookup
from apps.districts.outlines import Outline, Projection, outline_of, svg_path

WIDTH = 640
MARGIN = 10
SHADES = 5
# Minimum width of a division for a label, in SVG units.
LABEL_SPACE = 36.0


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
    outlines = [(hit, outline) for hit in hits if (outline := outline_of(hit)) is not None]
    if not outlines:
        return None
    bounds = np.array([outline.bounds for _hit, outline in outlines])
    frame = _Frame(*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist())
    numbers = [counts.get(hit.ocd_id, 0) for hit, _outline in outlines]
    maximum = max(numbers)
    drawn = [
        _division_shape(hit, outline, number, maximum, frame)
        for (hit, outline), number in zip(outlines, numbers, strict=True)
    ]
    source = f"{hits[0].vintage.source} ({hits[0].vintage.name})"
    return Choropleth(drawn, frame.height, source, shade_ranges(numbers))


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


@dataclass(frozen=True)
class _Frame:
    """The bounds of a map in degrees, and how they become SVG units."""

    west: float
    south: float
    east: float
    north: float

    @cached_property
    def projection(self) -> Projection:
        """Return the projection, true to scale at the map's middle latitude."""
        squeeze = math.cos(math.radians((self.south + self.north) / 2))
        scale = (WIDTH - 2 * MARGIN) / max((self.east - self.west) * squeeze, 1e-9)
        return Projection(self.west, self.north, scale * squeeze, scale, MARGIN)

    @property
    def height(self) -> int:
        return round((self.north - self.south) * self.projection.y_scale) + 2 * MARGIN


def _division_shape(
    hit: lookup.DistrictHit, outline: Outline, count: int, maximum: int, frame: _Frame
) -> DivisionShape:
    lon, lat, radius = outline.inscribed_circle if count else (frame.west, frame.north, 0.0)
    label_space = radius * 2 * frame.projection.x_scale
    return DivisionShape(
        hit.ocd_id,
        hit.name,
        svg_path(outline, frame.projection),
        shade_step(count, maximum),
        count,
        *frame.projection.point(lon, lat),
        fits=label_space > LABEL_SPACE * (0.6 + 0.25 * len(str(count))),
    )
