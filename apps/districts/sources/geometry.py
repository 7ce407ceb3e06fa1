"""Polygons made fit for the index, and what a coverage of them gets wrong."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from apps.districts.spatial_index.lookup import Cells

# How far beside a doubtful line to look for an overlap or a gap, in degrees (about 0.1 m).
BESIDE = 1e-6
# Gaps narrower than this (about 10 m) are slivers between lines that should be one; wider ones may be meant.
GAP = 1e-4


@dataclass
class Mended:
    """Polygons by row (None where refused), and the rows that were repaired or refused, with the reason."""

    geometries: np.ndarray
    repaired: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def mend(geometries: np.ndarray) -> Mended:
    """Keeps areas only, in two dimensions, and repairs rings that cross themselves.

    The repair keeps the even-odd area, so that a repaired district holds the same points as its raw rings.
    """
    mended = Mended(shapely.force_2d(geometries))
    for row in np.flatnonzero(~_sound(mended.geometries)):
        geometry = mended.geometries[row]
        reason = _refusal(geometry)
        if not reason:
            why = shapely.is_valid_reason(geometry).partition("[")[0] or "not a polygon"
            geometry = _areas(shapely.make_valid(geometry))
            reason = "" if geometry else f"{why}, and no area is left when mended"
            mended.repaired[int(row)] = why
        if reason:
            mended.repaired.pop(int(row), None)
            mended.refused[int(row)] = reason
            geometry = None
        mended.geometries[row] = geometry
    return mended


def _sound(geometries: np.ndarray) -> np.ndarray:
    kinds = np.isin(shapely.get_type_id(geometries), (3, 6))
    return np.asarray(kinds & shapely.is_valid(geometries) & ~shapely.is_empty(geometries))


def _refusal(geometry: Any) -> str:
    if geometry is None or geometry.is_empty:
        return "no geometry"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return "a coordinate is not a number"
    if not _areas(geometry):
        return f"a {geometry.geom_type}, not an area"
    return ""


def _areas(geometry: Any) -> Any:
    """The polygons of any geometry as one, or None."""
    pieces = [piece for part in shapely.get_parts(geometry) for piece in shapely.get_parts(part)]
    areas = [piece for piece in pieces if piece.geom_type == "Polygon" and not piece.is_empty]
    if not areas:
        return None
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def mismatches(geometries: np.ndarray, cells: Cells) -> tuple[set[int], set[int]]:
    """The polygons at an overlap, and those at a gap: both happen where neighbours draw one border
    differently.

    Looks a little to both sides of the lines that GEOS finds to disagree; holes that nobody disagrees about
    (a lake, a missing district) are not told apart from the outside.
    """
    lines = shapely.coverage_invalid_edges(geometries, gap_width=GAP)
    doubtful = np.flatnonzero(~shapely.is_empty(lines))
    if not len(doubtful):
        return set(), set()
    points, owner = shapely.get_coordinates(shapely.get_parts(lines[doubtful]), return_index=True)
    part_owner = doubtful[np.repeat(np.arange(len(doubtful)), shapely.get_num_geometries(lines[doubtful]))]
    pair = np.flatnonzero(owner[1:] == owner[:-1])
    a, b, polygon = points[pair], points[pair + 1], part_owner[owner[pair]]
    step = b - a
    across = np.stack([-step[:, 1], step[:, 0]], axis=1) * (BESIDE / np.maximum(np.hypot(*step.T), 1e-300))[:, None]
    sides = ((a + b) / 2 + across, (a + b) / 2 - across)
    hits = [np.bincount(cells.pairs(side[:, 0], side[:, 1])[0], minlength=len(side)) for side in sides]
    overlap, gap = np.maximum(*hits) > 1, np.minimum(*hits) == 0
    return set(polygon[overlap].tolist()), set(polygon[gap].tolist())
