"""The two tables of labels: one entry a tile, and one a cell for the tiles that a border crosses."""

import numpy as np

from apps.districts.cells import grid
from apps.districts.cells.grid import Ints, Labels, place_in_tile, spread, tile_of

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
        used = np.unique(tile_of(rows, columns))
        self.tiles[used] = -1 - np.arange(len(used))
        self.cells: Labels = np.zeros(len(used) * CELLS_PER_TILE, np.int32)
        self.cells[self._slots(rows, columns)] = -1 - np.arange(len(border_cells))

    def _slots(self, rows: Ints, columns: Ints) -> Ints:
        block = -1 - self.tiles[tile_of(rows, columns)].astype(np.int64)
        return np.asarray(block * CELLS_PER_TILE + place_in_tile(rows, columns))

    def paint(self, polygon: int, rows: Ints, first: Ints, last: Ints) -> Ints:
        """Adds a polygon to the cells `first` to `last` of each row; returns the border cells among them.

        A polygon may be painted once, and polygons in ascending order.
        """
        owner, step = spread((last >> grid.SUB_BITS) - (first >> grid.SUB_BITS) + 1)
        tile_column = (first[owner] >> grid.SUB_BITS) + step
        row, left = rows[owner], tile_column << grid.SUB_BITS
        tile = (row >> grid.SUB_BITS) * grid.TILE_COLUMNS + tile_column
        in_blocks = self.tiles[tile] < 0
        # A tile without border cells is inside as a whole when its south-west cell is.
        corner = ~in_blocks & (row % grid.SUB == 0) & (left >= first[owner])
        self._add(self.tiles, tile[corner], polygon)
        part = np.flatnonzero(in_blocks)
        a = np.maximum(first[owner[part]], left[part])
        b = np.minimum(last[owner[part]], left[part] + grid.SUB - 1)
        each, offset = spread(b - a + 1)
        return self._paint_cells(polygon, row[part][each], a[each] + offset)

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
