"""Build the cell index of one layer from its polygons, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import shapely

from apps.districts.spatial_index.borders import Borders, derive_borders
from apps.districts.spatial_index.edges import batches, cut_strips, extract_edges
from apps.districts.spatial_index.grid import Floats, Ints, Labels
from apps.districts.spatial_index.labels import LabelTables

# A group packs up to 32 polygons of one border cell into bit masks; a cell with more gets several groups.
BITS_PER_GROUP = 32
# A toggle is stored as an edge far west of the world that begins at its latitude and ends above the pole.
FAR_WEST = -1000.0
ABOVE_POLE = 1000.0


@dataclass(frozen=True)
class CellArrays:
    """The whole index as flat arrays; `lookup` and `single_point` read exactly these.

    tiles, cells: labels (see LabelTables). cell_groups: border cell -> its range of groups. group_base: the bits of
    the polygons that contain the bottom left of the cell's row. group_members: group -> its range in members (polygon
    numbers, by bit). group_edges: group -> its range of edges x1, y1, x2, y2, by y1, with the bits that each edge
    flips. set_starts, set_members: the polygons of each label that means several.
    """

    tiles: Labels
    cells: Labels
    cell_groups: Labels
    group_base: np.ndarray
    group_members: Labels
    members: Labels
    group_edges: Labels
    edge_x1: Floats
    edge_y1: Floats
    edge_x2: Floats
    edge_y2: Floats
    edge_bits: np.ndarray
    set_starts: Labels
    set_members: Labels


def build_cells(geometries: np.ndarray, progress: Callable[[int], None] | None = None) -> CellArrays:
    """Return the index of an array of shapely polygons and multipolygons; polygon i is row i of the array.

    Coordinates are degrees, -180 to 180 and -90 to 90. Calls `progress` with the number of vertices after each batch.
    Peak memory: about 600 bytes per vertex. Raises ValueError for other coordinates.
    """
    bounds = shapely.total_bounds(geometries) if len(geometries) else np.array([np.nan])
    if not (np.isfinite(bounds).all() and np.abs(bounds[[0, 2]]).max() <= 180 and np.abs(bounds[[1, 3]]).max() <= 90):
        raise ValueError("Cells need at least one polygon, in degrees: longitude -180 to 180, latitude -90 to 90.")
    ends, borders = _collect(geometries, progress)
    border_cells = np.unique(borders.pair_cell)
    labels = LabelTables(len(geometries), border_cells)
    covered_cell, covered_polygon = _paint(labels, borders)
    cell = np.concatenate([borders.pair_cell, covered_cell])
    polygon = np.concatenate([borders.pair_polygon, covered_polygon])
    base = np.concatenate([borders.pair_base, np.ones(len(covered_cell), np.int64)])
    return _assemble(labels, border_cells, _Members(border_cells, cell, polygon, base), ends, borders)


def _collect(geometries: np.ndarray, progress: Callable[[int], None] | None) -> tuple[Floats, Borders]:
    """Return all batches joined; touch_edge refers to the joined ends."""
    ends: list[Floats] = []
    found: list[list[np.ndarray]] = []
    count = 0
    for start, stop in batches(geometries):
        edges = extract_edges(geometries, start, stop)
        borders = derive_borders(edges, cut_strips(edges))
        columns = [getattr(borders, field.name) for field in fields(Borders)]
        columns[1] = columns[1] + count
        found.append(columns)
        ends.append(edges.ends)
        count += len(edges.ends)
        if progress:
            progress(len(edges.ends))
    return np.concatenate(ends), Borders(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _paint(labels: LabelTables, borders: Borders) -> tuple[Ints, Ints]:
    """Paint every interior; return each (cell, polygon) where another polygon's border cell is entirely inside one."""
    cells: list[Ints] = [np.zeros(0, np.int64)]
    polygons: list[Ints] = [np.zeros(0, np.int64)]
    split = np.flatnonzero(np.diff(borders.run_polygon)) + 1
    runs = (borders.run_row, borders.run_first, borders.run_last)
    for part in np.split(np.arange(len(borders.run_polygon)), split):
        if len(part):
            polygon = int(borders.run_polygon[part[0]])
            covered = labels.paint(polygon, *(column[part] for column in runs))
            cells.append(covered)
            polygons.append(np.full(len(covered), polygon))
    return np.concatenate(cells), np.concatenate(polygons)


class _Members:
    """The polygons that each border cell must distinguish, with their groups and bits."""

    def __init__(self, border_cells: Ints, cell: Ints, polygon: Ints, base: Ints) -> None:
        order = np.lexsort((polygon, cell))
        self.cell, self.polygon = cell[order], polygon[order]
        starts = np.searchsorted(self.cell, border_cells)
        counts = np.diff(np.append(starts, len(self.cell)))
        rank = np.arange(len(self.cell)) - np.repeat(starts, counts)
        self.cell_groups = np.append(0, np.cumsum((counts + BITS_PER_GROUP - 1) // BITS_PER_GROUP))
        self.group = np.repeat(self.cell_groups[:-1], counts) + rank // BITS_PER_GROUP
        self.bit = (np.uint32(1) << (rank % BITS_PER_GROUP).astype(np.uint32)).astype(np.uint32)
        self.groups = int(self.cell_groups[-1])
        self.group_members = np.searchsorted(self.group, np.arange(self.groups + 1))
        bits = np.where(base[order] == 1, self.bit, np.uint32(0)).astype(np.uint32)
        self.base = np.bitwise_or.reduceat(bits, self.group_members[:-1])
        self._stride = int(self.polygon.max(initial=0)) + 1
        self._keys = self.cell * self._stride + self.polygon

    def find(self, cell: Ints, polygon: Ints) -> Ints:
        """Return the position of each (cell, polygon), which must exist."""
        return np.asarray(np.searchsorted(self._keys, cell * self._stride + polygon))


def _assemble(labels: LabelTables, border_cells: Ints, members: _Members, ends: Floats, borders: Borders) -> CellArrays:
    toggles = np.empty((len(borders.toggle_lat), 4))
    toggles[:, 0], toggles[:, 1], toggles[:, 2], toggles[:, 3] = FAR_WEST, borders.toggle_lat, FAR_WEST, ABOVE_POLE
    place = members.find(
        np.concatenate([borders.touch_cell, borders.toggle_cell]),
        np.concatenate([borders.touch_polygon, borders.toggle_polygon]),
    )
    edge = np.concatenate([borders.touch_edge, len(ends) + np.arange(len(toggles))])
    group, edge, bits, ends = _merge(members.group[place], edge, members.bit[place], np.vstack([ends, toggles]))
    sizes = np.array([len(members) for members in labels.sets], np.int64)
    return CellArrays(
        tiles=labels.tiles,
        cells=labels.cells,
        cell_groups=members.cell_groups.astype(np.int32),
        group_base=members.base,
        group_members=members.group_members.astype(np.int32),
        members=members.polygon.astype(np.int32),
        group_edges=np.searchsorted(group, np.arange(members.groups + 1)).astype(np.int32),
        edge_x1=ends[edge, 0],
        edge_y1=ends[edge, 1],
        edge_x2=ends[edge, 2],
        edge_y2=ends[edge, 3],
        edge_bits=bits,
        set_starts=np.append(0, np.cumsum(sizes)).astype(np.int32),
        set_members=np.array([p for members in labels.sets for p in members], np.int32),
    )


def _merge(group: Ints, edge: Ints, bits: np.ndarray, ends: Floats) -> tuple[Ints, Ints, np.ndarray, Floats]:
    """Return one entry per (group, distinct edge) with the bits of all its polygons, sorted by group, then y1.

    Neighbors share most edges, so this halves the index. Bits are combined by exclusive or: an edge that occurs twice
    in one polygon has no effect and is dropped.
    """
    same = _same_edge(ends)[edge]
    order = np.lexsort((same, ends[edge, 1], group))
    group, edge, same, bits = group[order], edge[order], same[order], bits[order]
    new = np.ones(len(group), bool)
    new[1:] = (group[1:] != group[:-1]) | (same[1:] != same[:-1])
    start = np.flatnonzero(new)
    joined = np.bitwise_xor.reduceat(bits, start) if len(start) else bits
    start, joined = start[joined != 0], joined[joined != 0]
    return group[start], edge[start], joined, ends


def _same_edge(ends: Floats) -> Ints:
    """Return for each edge the number of the first edge with the same bits.

    Sorts by a hash; a collision only leaves equal edges unmerged, which costs space, not correctness.
    """
    words = ends.view(np.uint64)
    mixed = np.zeros(len(ends), np.uint64)
    for column in range(4):
        mixed = (mixed ^ words[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed, kind="stable")
    new = np.ones(len(ends), bool)
    new[1:] = (words[order[1:]] != words[order[:-1]]).any(axis=1)
    first = np.flatnonzero(new)
    same = np.empty(len(ends), np.int64)
    same[order] = order[first][np.cumsum(new) - 1]
    return same
