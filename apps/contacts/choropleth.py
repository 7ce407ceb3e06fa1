"""The picture of where a member's contacts are: the divisions of one layer in one state, darker where more are.

One hue in five steps with the number printed, so that ten contacts in three counties read as well as five hundred in
all of them. Outlines are simplified: for drawing, never for an answer.
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
# A label needs this much room across its division, in the picture's units.
LABEL_SPACE = 36.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class DivisionShape:
    """One division as it is drawn. `step` is 0 where nobody is, else 1 to 5; (x, y) is where its number stands."""

    ocd_id: str
    name: str
    path: str
    step: int
    number: int
    x: int
    y: int
    fits: bool

    @property
    def dark(self) -> bool:
        """Return whether the number has to be light to be read."""
        return self.step > 3


@dataclass(frozen=True)
class Choropleth:
    """A whole picture, with its source."""

    shapes: list[DivisionShape]
    height: int
    source: str
    shade_ranges: list[tuple[int, int, int]]

    @property
    def view_box(self) -> str:
        """Return the SVG's frame."""
        return f"0 0 {WIDTH} {self.height}"


def draw_choropleth(layer: str, state: str, numbers: Mapping[str, int]) -> Choropleth | None:
    """Return the picture of a layer inside a state's division; None where no boundaries of it are loaded."""
    hits = lookup.divisions_in(layer, state)
    outlines = {hit.ocd_id: found for hit in hits if (found := lookup.outline(hit.ocd_id)) is not None}
    if not outlines:
        return None
    most = max((numbers.get(ocd_id, 0) for ocd_id in outlines), default=0)
    frame = _Projection(tuple(shapely.total_bounds([shape(one) for one in outlines.values()])))
    drawn = [
        _division_shape(hit, outlines[hit.ocd_id], numbers.get(hit.ocd_id, 0), most, frame)
        for hit in hits
        if hit.ocd_id in outlines
    ]
    source = f"{hits[0].vintage.source} ({hits[0].vintage.name})"
    return Choropleth(drawn, frame.height, source, shade_ranges(numbers.get(one.ocd_id, 0) for one in drawn))


def shade_step(number: int, most: int) -> int:
    """Return the shade of a number, by its logarithm: friends crowd in one place, and the others must show, too."""
    if most <= SHADES:
        return number
    return (
        0 if not number else min(SHADES, max(1, math.ceil(SHADES * math.log(number + 1) / math.log(most + 1) - 1e-9)))
    )


def shade_ranges(numbers: Iterable[int]) -> list[tuple[int, int, int]]:
    """Return (step, lowest, highest) of the numbers that are drawn in each shade."""
    drawn = sorted(filter(None, numbers))
    shades = groupby(drawn, lambda number: shade_step(number, drawn[-1]))
    return [(step, ones[0], ones[-1]) for step, ones in ((step, list(each)) for step, each in shades)]


class _Projection:
    """Degrees to the picture's units, squeezed by the latitude as a map is."""

    def __init__(self, bounds: Box) -> None:
        self.west, south, east, self.north = bounds
        self.squeeze = math.cos(math.radians((south + self.north) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / max((east - self.west) * self.squeeze, 1e-9)
        self.height = round((self.north - south) * self.scale) + 2 * MARGIN

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        x = MARGIN + (lon - self.west) * self.squeeze * self.scale
        return round(x), round(MARGIN + (self.north - lat) * self.scale)


def _division_shape(
    hit: lookup.DistrictHit, outline: dict[str, Any], number: int, most: int, frame: _Projection
) -> DivisionShape:
    geometry = shape(outline)
    inside = shapely.maximum_inscribed_circle(geometry) if number else None
    center = inside.coords[0] if inside is not None else (0.0, 0.0)
    room = inside.length * 2 * frame.scale * frame.squeeze if inside is not None else 0.0
    return DivisionShape(
        hit.ocd_id,
        hit.name,
        "".join(_ring_path(ring, frame) for ring in _outline_rings(outline)),
        shade_step(number, most),
        number,
        *frame.at(*center[:2]),
        fits=room > LABEL_SPACE * (0.6 + 0.25 * len(str(number))),
    )


def _outline_rings(outline: dict[str, Any]) -> Iterator[list[list[float]]]:
    kind, parts = outline["type"], outline["coordinates"]
    for polygon in {"Polygon": [parts], "MultiPolygon": parts}.get(kind, []):
        yield from polygon


def _ring_path(ring: list[list[float]], frame: _Projection) -> str:
    points = list(dict.fromkeys(frame.at(*point[:2]) for point in ring))
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z" if len(points) > 2 else ""
