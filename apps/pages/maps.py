"""Maps of divisions from loaded outlines: JSON for Leaflet, and the SVG shown until Leaflet has loaded.

Outlines are simplified for drawing; never use them to decide in which district an address lies.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from apps.districts import lookup
from apps.districts.outlines import Box, Outline, Point, Projection, outline_of, svg_path

from .labels import division_label, map_label

# SVG units: large enough for smooth lines at integer coordinates.
SVG_SIZE = 600
# Margin around the division, as a share of its size.
MARGIN_SHARE = 0.45
# What could end a script element inside JSON.
UNSAFE_IN_SCRIPT = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class MapShape:
    """Describe one division on a map. `kind` is mine, next (of the next election) or other (a neighbor)."""

    kind: str
    name: str
    short: str
    outline: Outline


@dataclass(frozen=True)
class LayerMap:
    """Hold one layer's map: shapes in drawing order, and the frame (west, south, east, north) around `mine`."""

    layer: str
    title: str
    shapes: list[MapShape]
    frame: Box
    home: Point | None = None
    sources: list[str] = field(default_factory=list)
    data_url: str = ""

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
            yield shape.kind, svg_path(shape.outline, self._projection)

    def labels(self) -> Iterator[tuple[str, int, int]]:
        """Yield (label, x, y) for labels within the frame."""
        for shape in self.shapes:
            x, y = self._projection.point(*shape.outline.label_point)
            if shape.kind != "next" and 30 < x < SVG_SIZE - 30 and 30 < y < SVG_SIZE - 20:
                yield shape.short, x, y

    def home_at(self) -> tuple[int, int] | None:
        """Return the position of the address in SVG units."""
        return self._projection.point(*self.home) if self.home else None

    @cached_property
    def _projection(self) -> Projection:
        west, south, east, north = self.frame
        squeeze = math.cos(math.radians((south + north) / 2))
        scale = SVG_SIZE / max((east - west) * squeeze, north - south)
        left = (west + east) / 2 - SVG_SIZE / 2 / (squeeze * scale)
        return Projection(left, (south + north) / 2 + SVG_SIZE / 2 / scale, squeeze * scale, scale)

    def as_json(self) -> str:
        """Return the data that the script draws: points as Leaflet's (lat, lon), geometries as GeoJSON."""
        west, south, east, north = self.frame
        shapes = ",".join(
            f'{{"kind":"{shape.kind}","name":{json.dumps(shape.short)},'
            f'"at":{json.dumps(shape.outline.label_point[::-1])},"geometry":{shape.outline.geojson}}}'
            for shape in self.shapes
        )
        home = json.dumps(self.home[::-1] if self.home else None)
        return f'{{"frame":[[{south},{west}],[{north},{east}]],"home":{home},"shapes":[{shapes}]}}'

    @property
    def script_data(self) -> SafeString:
        """Return the data of this layer, escaped for a script element like Django's json_script."""
        text = f"{{{json.dumps(self.layer)}:{self.as_json()}}}"
        return mark_safe(text.translate(UNSAFE_IN_SCRIPT))  # noqa: S308 - escaped


def _map_shape(kind: str, hit: lookup.DistrictHit) -> MapShape | None:
    outline = outline_of(hit)
    return MapShape(kind, division_label(hit), map_label(hit), outline) if outline else None


def layer_map(
    title: str, hit: lookup.DistrictHit, coming: lookup.DistrictHit | None = None, home: Point | None = None
) -> LayerMap | None:
    """Return the map of a division among its neighbors, or None without an outline."""
    mine = _map_shape("mine", hit)
    if mine is None:
        return None
    shapes = [mine, *(_map_shape("other", neighbor) for neighbor in lookup.neighbors_of(hit))]
    sources = [source_label(hit)]
    if coming is not None:
        shapes.append(_map_shape("next", coming))
        sources.append(source_label(coming))
    drawn = [shape for shape in shapes if shape is not None]
    return LayerMap(hit.layer, title, drawn, _frame(mine.outline.bounds), home, sources, _data_url(hit, coming))


def _data_url(hit: lookup.DistrictHit, coming: lookup.DistrictHit | None) -> str:
    """Return the URL of a layer's data, which names public divisions and never the address."""
    vintages = {"vintage": hit.vintage.pk} | (
        {"next": coming.ocd_id, "next_vintage": coming.vintage.pk} if coming else {}
    )
    path = reverse("pages:map_data", args=[hit.ocd_id.removeprefix("ocd-division/")])
    return f"{path}?{urlencode(vintages)}"


def source_label(hit: lookup.DistrictHit) -> str:
    """Return the file and vintage of a division's boundaries."""
    return f"{hit.vintage.source} ({hit.vintage.name})"


def _frame(bounds: Box) -> Box:
    """Return the frame around a division; of the next division only the part nearby is shown."""
    west, south, east, north = bounds
    margin = MARGIN_SHARE * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin
