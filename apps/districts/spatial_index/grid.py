"""The grid of both levels of the cell index.

The world is divided into tiles of 1/4 degree, and each tile into 32 x 32 cells of 1/128 degree (about 870 m from
south to north). All decisions use integers: the builder and both lookups compute the row and the column of a
coordinate by the same monotone floating-point expression, so they always agree on the cell of a point.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Labels = npt.NDArray[np.int32]

SUB_BITS: Final = 5
SUB: Final = 1 << SUB_BITS
CELLS_PER_DEGREE: Final = 128.0
# The grid starts slightly outside the world. The odd amounts keep its lines off whole degrees and their
# fractions, where surveyors drew borders: a border that runs along a grid line would make two rows of border
# cells, not one.
EAST: Final = 180.0013
NORTH: Final = 90.0017

TILE_COLUMNS: Final = 360 * 4 + 1
TILE_ROWS: Final = 180 * 4 + 1
COLUMNS: Final = TILE_COLUMNS * SUB
ROWS: Final = TILE_ROWS * SUB


def column(lon: Floats) -> Floats:
    """Return longitudes in degrees as fractional columns, whose floors are the cells' columns."""
    return np.asarray((lon + EAST) * CELLS_PER_DEGREE)


def row(lat: Floats) -> Floats:
    """Return latitudes in degrees as fractional rows from the south, whose floors are the cells' rows."""
    return np.asarray((lat + NORTH) * CELLS_PER_DEGREE)


def floor_int(values: Floats) -> Ints:
    """Return the floors of fractional rows or columns as integers."""
    return np.floor(values).astype(np.int64)


def tile_numbers(rows: Ints, columns: Ints) -> Ints:
    """Return the number of the tile of each cell."""
    return np.asarray((rows >> SUB_BITS) * TILE_COLUMNS + (columns >> SUB_BITS))


def cell_in_tile(rows: Ints, columns: Ints) -> Ints:
    """Return the position (0 to 1023) of each cell within its tile."""
    return np.asarray(((rows & (SUB - 1)) << SUB_BITS) + (columns & (SUB - 1)))


def repeat_owners(counts: Ints) -> tuple[Ints, Ints]:
    """Repeat owner i counts[i] times; return each copy's owner and its ordinal (0, 1, ...) within that owner."""
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - first[owner]
