"""Repair polygons for the index, and find overlaps and gaps between them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from apps.core.types import FileValue
from apps.districts.spatial_index.lookup import Cells

# Distance from an inconsistent line to probe for an overlap or a gap, in degrees (about 0.1 m).
PROBE_DISTANCE = 1e-6
# Narrower gaps (about 10 m) are slivers between lines that should coincide; wider ones may be intended.
MAX_GAP_WIDTH = 1e-4
GAP_PROBES = 8  # across a gap of that width


@dataclass
class RepairedGeometries:
    """Polygons by row (None if refused), and the reasons of repaired and refused rows."""

    geometries: np.ndarray
    repaired: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def repair_geometries(geometries: np.ndarray) -> RepairedGeometries:
    """Return polygons in two dimensions, with self-intersecting rings repaired and other geometries refused.

    The repair preserves the even-odd area, so that a repaired district contains the same points as its raw rings.
    """
    result = RepairedGeometries(shapely.force_2d(geometries))
    for row in np.flatnonzero(~_are_valid(result.geometries)):
        geometry = result.geometries[row]
        reason = _refusal_reason(geometry)
        if not reason:
            reason_invalid = (
                f"the polygons of a {geometry.geom_type}"
                if geometry.is_valid
                else shapely.is_valid_reason(geometry).partition("[")[0] or "not a polygon"
            )
            geometry = _areas(shapely.make_valid(geometry))
            reason = "" if geometry else f"{reason_invalid}, and no area is left after the repair"
            result.repaired[int(row)] = reason_invalid
        if reason:
            result.repaired.pop(int(row), None)
            result.refused[int(row)] = reason
            geometry = None
        result.geometries[row] = geometry
    return result


def _are_valid(geometries: np.ndarray) -> np.ndarray:
    kinds = np.isin(shapely.get_type_id(geometries), (3, 6))
    return np.asarray(kinds & shapely.is_valid(geometries) & ~shapely.is_empty(geometries))


def _refusal_reason(geometry: FileValue) -> str:
    if geometry is None or geometry.is_empty:
        return "no geometry"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return "a coordinate is not a number"
    if not _areas(geometry):
        return f"a {geometry.geom_type}, not an area"
    return ""


def _areas(geometry: FileValue) -> Any:
    """Return the polygons of any geometry as one, or None."""
    areas = _polygons(geometry)
    if not areas:
        return None
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def _polygons(geometry: FileValue) -> list[Any]:
    """Return the polygons in a geometry and in its nested collections."""
    if geometry.geom_type == "Polygon":
        return [] if geometry.is_empty else [geometry]
    if not hasattr(geometry, "geoms"):
        return []
    return [polygon for part in geometry.geoms for polygon in _polygons(part)]


def find_mismatches(geometries: np.ndarray, cells: Cells) -> tuple[set[int], set[int]]:
    """Return the polygons at overlaps, and those at gaps, where neighbors draw a common border differently.

    Probes both sides of the lines that GEOS reports as inconsistent. Consistent holes (a lake, a missing district)
    are not gaps.
    """
    lines = shapely.coverage_invalid_edges(geometries, gap_width=MAX_GAP_WIDTH)
    inconsistent = np.flatnonzero(~shapely.is_empty(lines))
    if not len(inconsistent):
        return set(), set()
    points, owner = shapely.get_coordinates(shapely.get_parts(lines[inconsistent]), return_index=True)
    part_owner = inconsistent[np.repeat(np.arange(len(inconsistent)), shapely.get_num_geometries(lines[inconsistent]))]
    pair = np.flatnonzero(owner[1:] == owner[:-1])
    a, b, polygon = points[pair], points[pair + 1], part_owner[owner[pair]]
    step = b - a
    across = (
        np.stack([-step[:, 1], step[:, 0]], axis=1) * (PROBE_DISTANCE / np.maximum(np.hypot(*step.T), 1e-300))[:, None]
    )
    sides = ((a + b) / 2 + across, (a + b) / 2 - across)
    overlaps: set[int] = set()
    gap = np.zeros(len(pair), bool)
    for sign, side in zip((1, -1), sides, strict=True):
        hit, number = cells.pairs(side[:, 0], side[:, 1])
        count = np.bincount(hit, minlength=len(side))
        overlaps |= set(number[(count > 1)[hit]].tolist())
        gap |= (count == 0) & _reaches_another((a + b) / 2, sign * across / PROBE_DISTANCE, polygon, cells)
    return overlaps, set(polygon[gap].tolist())


def _reaches_another(points: np.ndarray, direction: np.ndarray, polygon: np.ndarray, cells: Cells) -> np.ndarray:
    """Return whether another polygon lies within MAX_GAP_WIDTH of a point, in the direction of a unit vector.

    The outer border of an overlap has nothing beyond it, so it is no gap.
    """
    reached = np.zeros(len(points), bool)
    for distance in np.linspace(2 * PROBE_DISTANCE, 1.1 * MAX_GAP_WIDTH, GAP_PROBES):
        probes = points + direction * distance
        hit, number = cells.pairs(probes[:, 0], probes[:, 1])
        other = number != polygon[hit]
        reached[hit[other]] = True
    return reached
