"""Extract the edges of polygons, and find the cells that each edge touches."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from apps.districts.spatial_index import grid
from apps.districts.spatial_index.grid import Floats, Ints, floor_int, repeat_owners

# Widens the cells that an edge touches by about a millimeter (in cells), so that rounding cannot put an edge that is
# left out on the wrong side of a point in the cell.
TOUCH_MARGIN = 1e-6
# A row's crossing point is accurate to about 1e-11 rows; a flat edge multiplies the error by its slope.
ROUNDING_ERROR = 4e-11


@dataclass(frozen=True)
class Edges:
    """The edges of some polygons: ends (n, 4) as x1, y1, x2, y2 with (y1, x1) <= (y2, x2), and each edge's
    polygon.

    One direction for every edge makes the side test of two neighbors, whose rings traverse their common line in
    opposite directions, the same arithmetic: a point on that line belongs to exactly one of them.
    """

    ends: Floats
    polygon: Ints


@dataclass(frozen=True)
class Strips:
    """Each edge cut by rows: strip i is the part of `edge` in `row`, touching the columns `first` to `last`.

    `enters` is 1 if the edge comes from a lower row and so crosses this row's lower line.
    """

    edge: Ints
    row: Ints
    first: Ints
    last: Ints
    enters: Ints


def batches(geometries: np.ndarray, max_vertices: int = 250_000) -> Iterator[tuple[int, int]]:
    """Yield ranges of consecutive polygons with about `max_vertices` vertices each, or one larger polygon."""
    total = np.cumsum(shapely.get_num_coordinates(geometries))
    start = 0
    while start < len(geometries):
        done = int(total[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(total, done + max_vertices, side="right")))
        yield start, end
        start = end


def extract_edges(geometries: np.ndarray, start: int, end: int) -> Edges:
    """Return the edges of all rings (outer and holes, of all parts) of the polygons `start` to `end`."""
    parts, owner = shapely.get_parts(geometries[start:end], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    points = points + 0.0  # turns -0.0 into 0.0, so that equal edges have equal bits
    here = np.flatnonzero(ring[1:] == ring[:-1])
    here = here[(points[here] != points[here + 1]).any(axis=1)]
    a, b = points[here], points[here + 1]
    swap = (a[:, 1] > b[:, 1]) | ((a[:, 1] == b[:, 1]) & (a[:, 0] > b[:, 0]))
    ends = np.hstack([np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)])
    return Edges(ends, owner[part][ring[here]].astype(np.int64) + start)


def cut_strips(edges: Edges) -> Strips:
    """Cut edges by rows and find the columns that each piece touches, including a margin."""
    x1, x2 = grid.column(edges.ends[:, 0]), grid.column(edges.ends[:, 2])
    y1, y2 = grid.row(edges.ends[:, 1]), grid.row(edges.ends[:, 3])
    low, high = floor_int(y1), floor_int(y2)
    edge, step = repeat_owners(high - low + 1)
    row = low[edge] + step
    left, right = np.minimum(x1, x2)[edge] - TOUCH_MARGIN, np.maximum(x1, x2)[edge] + TOUCH_MARGIN
    cut = np.flatnonzero((high > low)[edge])
    near, far = _within_rows(row[cut], *(v[edge[cut]] for v in (x1, y1, x2, y2)))
    left[cut], right[cut] = np.maximum(left[cut], near), np.minimum(right[cut], far)
    return Strips(edge, row, floor_int(left), floor_int(right), (step > 0).astype(np.int64))


def _within_rows(row: Ints, x1: Floats, y1: Floats, x2: Floats, y2: Floats) -> tuple[Floats, Floats]:
    """Return the smallest and largest fractional column of each edge inside its row, widened by the rounding error."""
    slope = (x2 - x1) / (y2 - y1)
    a = x1 + (np.maximum(row, y1) - y1) * slope
    b = x1 + (np.minimum(row + 1, y2) - y1) * slope
    margin = TOUCH_MARGIN + ROUNDING_ERROR * np.abs(slope)
    return np.minimum(a, b) - margin, np.maximum(a, b) + margin
