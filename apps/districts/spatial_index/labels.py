"""The two tables of labels: one entry a tile, and one a cell for the tiles that a border crosses."""

import numpy as np

from apps.districts.spatial_index import grid
from apps.districts.spatial_index.grid import Ints, Labels, place_in_tile, spread, tile_of

CELLS_PER_TILE = grid.SUB * grid.SUB


class LabelTables:
    """Label 0 is no polygon, 1 + p is polygon p alone, beyond that a set of overlapping polygons.

    In `tiles` a negative entry -1 - t sends to the t-th block of `cells`; in `cells` a negative entry -1 - b
    means that the cell is border cell b and needs geometry.
    """

    def __init__(self, polygons: int, border_cells: Ints) -> None:
        """Takes the sorted cell numbers that any polygon's edges touch."""
        self.polygons = polygons
        self.sets: list[tuple[int, ...]] = []
        self._known: dict[tuple[int, ...], int] = {}
        self.tiles: Labels = np.zeros(grid.TILE_COLUMNS * grid.TILE_ROWS, np.int32)
        rows, columns = border_cells // grid.COLUMNS, border_cells % grid.COLUMNS
        self._used = np.unique(tile_of(rows, columns))
        self.tiles[self._used] = -1 - np.arange(len(self._used))
        self.cells: Labels = np.zeros(len(self._used) * CELLS_PER_TILE, np.int32)
        self.cells[self._slots(rows, columns)] = -1 - np.arange(len(border_cells))

    def _slots(self, rows: Ints, columns: Ints) -> Ints:
        block = -1 - self.tiles[tile_of(rows, columns)].astype(np.int64)
        return np.asarray(block * CELLS_PER_TILE + place_in_tile(rows, columns))

    def paint(self, polygon: int, rows: Ints, first: Ints, last: Ints) -> Ints:
        """Adds a polygon to the cells `first` to `last` of each row; returns the border cells among them.

        A polygon may be painted once, and polygons in ascending order.
        """
        start, end = tile_of(rows, first), tile_of(rows, last)
        self._paint_tiles(polygon, rows, first, start, end)
        # Only the tiles with cells of their own are visited, by their range in the sorted list: a run across a
        # continent has thousands of tiles, and few of those.
        low, high = np.searchsorted(self._used, start), np.searchsorted(self._used, end, side="right")
        owner, step = spread(high - low)
        left = (self._used[low[owner] + step] % grid.TILE_COLUMNS) << grid.SUB_BITS
        a, b = np.maximum(first[owner], left), np.minimum(last[owner], left + grid.SUB - 1)
        each, offset = spread(b - a + 1)
        return self._paint_cells(polygon, rows[owner][each], a[each] + offset)

    def _paint_tiles(self, polygon: int, rows: Ints, first: Ints, start: Ints, end: Ints) -> None:
        """Adds a polygon to the tiles without border cells: inside as a whole when their south-west cell is."""
        corner = np.flatnonzero(rows % grid.SUB == 0)
        owner, step = spread((end - start + 1)[corner])
        tile = start[corner][owner] + step
        whole = (self.tiles[tile] >= 0) & (((tile % grid.TILE_COLUMNS) << grid.SUB_BITS) >= first[corner][owner])
        self._add(self.tiles, tile[whole], polygon)

    def _paint_cells(self, polygon: int, rows: Ints, columns: Ints) -> Ints:
        slots = self._slots(rows, columns)
        border = self.cells[slots] < 0
        self._add(self.cells, slots[~border], polygon)
        return np.asarray(rows[border] * grid.COLUMNS + columns[border])

    def _add(self, table: Labels, slots: Ints, polygon: int) -> None:
        before = table[slots]
        if not before.any():
            table[slots] = polygon + 1
            return
        kinds, inverse = np.unique(before, return_inverse=True)
        after = np.array([self._with(int(kind), polygon) for kind in kinds], np.int32)
        table[slots] = after[inverse]

    def _with(self, label: int, polygon: int) -> int:
        if label == 0:
            return polygon + 1
        members = self.sets[label - self.polygons - 1] if label > self.polygons else (label - 1,)
        members = (*members, polygon)
        if members not in self._known:
            self.sets.append(members)
            self._known[members] = self.polygons + len(self.sets)
        return self._known[members]
