"""Derive one batch of polygons' part of the index: border cells, their toggles, and interior runs.

Why a short list of edges is exact: whether a point lies in a polygon is the parity of the edges
to its left (the even-odd rule). Seen from a cell, an edge that does not touch it is either right of the cell,
and never counts, or left of it, and counts for exactly those latitudes that it spans. So the count over all
the edges that do not touch the cell depends on the latitude alone: it is one parity at the bottom of the row
(the `base`), flipped at each vertex left of the cell within the row (a `toggle`) where such edges begin or
end. Rings are closed, so an even number of edges meets at each vertex, and the flips of the edges that are
far equal, in parity, those of the edges that are near: both base and toggles follow from whole-number rows
and columns, with no geometry at all.
"""

from dataclasses import dataclass

import numpy as np

from apps.districts.spatial_index import grid
from apps.districts.spatial_index.edges import Edges, Strips
from apps.districts.spatial_index.grid import Floats, Ints, floor_int, repeat_owners


@dataclass(frozen=True)
class Borders:
    """The borders of one batch, as columns of equal length within each group.

    touch_*: each (cell, edge) that touch, with the edge's polygon. toggle_*: each flip that a cell needs.
    pair_*: each (cell, polygon) on a border and the parity at the bottom of the cell's row.
    run_*: the cells `run_first` to `run_last` of a row, all wholly inside the polygon.
    """

    touch_cell: Ints
    touch_edge: Ints
    touch_polygon: Ints
    toggle_cell: Ints
    toggle_polygon: Ints
    toggle_lat: Floats
    pair_cell: Ints
    pair_polygon: Ints
    pair_base: Ints
    run_polygon: Ints
    run_row: Ints
    run_first: Ints
    run_last: Ints


def derive_borders(edges: Edges, strips: Strips) -> Borders:
    """Return all values that the index stores of these polygons."""
    owner, step = repeat_owners(strips.last - strips.first + 1)
    touch_edge, touch_row = strips.edge[owner], strips.row[owner]
    touch_cell = touch_row * grid.COLUMNS + strips.first[owner] + step
    touch_polygon = edges.polygon[touch_edge]
    line = edges.polygon[strips.edge] * grid.ROWS + strips.row  # one number for each row of each polygon
    pairs = _unique_pairs(touch_polygon, touch_cell)
    return Borders(
        touch_cell,
        touch_edge,
        touch_polygon,
        *_toggles(edges, touch_cell, touch_edge),
        pairs[1],
        pairs[0],
        _bases(line, strips, pairs),
        *_runs(line, strips),
    )


def _unique_pairs(polygon: Ints, cell: Ints) -> tuple[Ints, Ints]:
    order = np.lexsort((cell, polygon))
    p, c = polygon[order], cell[order]
    keep = np.ones(len(p), bool)
    keep[1:] = (p[1:] != p[:-1]) | (c[1:] != c[:-1])
    return p[keep], c[keep]


def _toggles(edges: Edges, touch_cell: Ints, touch_edge: Ints) -> tuple[Ints, Ints, Floats]:
    """Return the ends of touching edges in the cell's row left of the cell, except pairs that cancel out."""
    cells, polygons, lats = [], [], []
    row_of_cell, column_of_cell = touch_cell // grid.COLUMNS, touch_cell % grid.COLUMNS
    for x, y in ((0, 1), (2, 3)):
        columns, rows = floor_int(grid.column(edges.ends[:, x])), floor_int(grid.row(edges.ends[:, y]))
        left = (rows[touch_edge] == row_of_cell) & (columns[touch_edge] < column_of_cell)
        cells.append(touch_cell[left])
        polygons.append(edges.polygon[touch_edge[left]])
        lats.append(edges.ends[touch_edge[left], y])
    cell, polygon, lat = np.concatenate(cells), np.concatenate(polygons), np.concatenate(lats)
    order = np.lexsort((lat, polygon, cell))
    cell, polygon, lat = cell[order], polygon[order], lat[order]
    new = np.ones(len(cell), bool)
    new[1:] = (cell[1:] != cell[:-1]) | (polygon[1:] != polygon[:-1]) | (lat[1:] != lat[:-1])
    start = np.flatnonzero(new)
    odd = start[np.diff(np.append(start, len(cell))) % 2 == 1]
    return cell[odd], polygon[odd], lat[odd]


def _bases(line: Ints, strips: Strips, pairs: tuple[Ints, Ints]) -> Ints:
    """Return for each (polygon, cell) the parity of edges that enter the cell's row from below, left of the cell."""
    enters = strips.enters == 1
    keys = np.sort(line[enters] * grid.COLUMNS + strips.last[enters])
    polygon, cell = pairs
    bottom = (polygon * grid.ROWS + cell // grid.COLUMNS) * grid.COLUMNS
    upto = np.searchsorted(keys, bottom + cell % grid.COLUMNS)
    return np.asarray((upto - np.searchsorted(keys, bottom)) & 1)


def _runs(line: Ints, strips: Strips) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the inner runs between touched columns of a row: polygon, row, first and last column."""
    order = np.lexsort((strips.first, line))
    line, first, last = line[order], strips.first[order], strips.last[order]
    # Offsetting every row of every polygon above the previous one allows a single running maximum.
    reach = np.maximum.accumulate(line * grid.COLUMNS + last)
    crossings = np.cumsum(strips.enters[order])
    here = np.flatnonzero((line[1:] == line[:-1]) & (line[1:] * grid.COLUMNS + first[1:] > reach[:-1] + 1))
    begin = np.flatnonzero(np.append(True, line[1:] != line[:-1]))
    before = np.append(0, crossings)[begin][np.searchsorted(begin, here, side="right") - 1]
    here = here[((crossings[here] - before) & 1) == 1]
    row = line[here] % grid.ROWS
    return line[here] // grid.ROWS, row, reach[here] % grid.COLUMNS + 1, first[here + 1] - 1
