"""The two tables of labels: an entry per tile, and an entry per cell for the tiles that a border crosses."""

import numpy as np

from apps.districts.spatial_index import grid
from apps.districts.spatial_index.grid import Ints, Labels, cell_in_tile, repeat_owners, tile_numbers

CELLS_PER_TILE = grid.SUB * grid.SUB


class LabelTables:
    """Label 0 means no polygon, 1 + p polygon p alone, larger ones a set of overlapping polygons.

    In `tiles`, a negative entry -1 - t refers to the t-th block of `cells`; in `cells`, a negative entry -1 - b
    means border cell b, which needs geometry.
    """

    def __init__(self, polygons: int, border_cells: Ints) -> None:
        """Take the sorted numbers of the cells that any polygon's edges touch."""
        self.polygons = polygons
        self.sets: list[tuple[int, ...]] = []
        self._known: dict[tuple[int, ...], int] = {}
        self.tiles: Labels = np.zeros(grid.TILE_COLUMNS * grid.TILE_ROWS, np.int32)
        rows, columns = border_cells // grid.COLUMNS, border_cells % grid.COLUMNS
        self._used = np.unique(tile_numbers(rows, columns))
        self.tiles[self._used] = -1 - np.arange(len(self._used))
        self.cells: Labels = np.zeros(len(self._used) * CELLS_PER_TILE, np.int32)
        self.cells[self._slots(rows, columns)] = -1 - np.arange(len(border_cells))

    def _slots(self, rows: Ints, columns: Ints) -> Ints:
        block = -1 - self.tiles[tile_numbers(rows, columns)].astype(np.int64)
        return np.asarray(block * CELLS_PER_TILE + cell_in_tile(rows, columns))

    def paint(self, polygon: int, rows: Ints, first: Ints, last: Ints) -> Ints:
        """Add a polygon to the cells `first` to `last` of each row; return the border cells among them.

        A polygon may be painted once, and polygons in ascending order.
        """
        start, end = tile_numbers(rows, first), tile_numbers(rows, last)
        self._paint_tiles(polygon, rows, first, start, end)
        # Visits only the tiles with cells of their own, by their range in the sorted list: a run across a continent
        # has thousands of tiles, but few of those.
        low, high = np.searchsorted(self._used, start), np.searchsorted(self._used, end, side="right")
        owner, step = repeat_owners(high - low)
        left = (self._used[low[owner] + step] % grid.TILE_COLUMNS) << grid.SUB_BITS
        a, b = np.maximum(first[owner], left), np.minimum(last[owner], left + grid.SUB - 1)
        each, offset = repeat_owners(b - a + 1)
        return self._paint_cells(polygon, rows[owner][each], a[each] + offset)

    def _paint_tiles(self, polygon: int, rows: Ints, first: Ints, start: Ints, end: Ints) -> None:
        """Add a polygon to the tiles without border cells; such a tile is inside if its southwest cell is."""
        corner = np.flatnonzero(rows % grid.SUB == 0)
        owner, step = repeat_owners((end - start + 1)[corner])
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
