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
            reason_invalid = shapely.is_valid_reason(geometry).partition("[")[0] or "not a polygon"
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
    pieces = [piece for part in shapely.get_parts(geometry) for piece in shapely.get_parts(part)]
    areas = [piece for piece in pieces if piece.geom_type == "Polygon" and not piece.is_empty]
    if not areas:
        return None
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


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
    hits = [np.bincount(cells.pairs(side[:, 0], side[:, 1])[0], minlength=len(side)) for side in sides]
    overlap, gap = np.maximum(*hits) > 1, np.minimum(*hits) == 0
    return set(polygon[overlap].tolist()), set(polygon[gap].tolist())
