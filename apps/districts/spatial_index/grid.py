"""The grid both levels of the cell index share.

The world is cut into tiles of 1/4 degree, and each tile into 32 x 32 cells of 1/128 degree (about 870 m from
south to north). Everything is decided on whole numbers: the row and the column of a coordinate come from one
monotone floating-point expression, used alike by the builder and by both look-ups, so that they can never
disagree about the cell that a point lies in.
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
# The grid starts a little outside the world. The odd amounts keep its lines off whole degrees and their
# fractions, where surveyors drew borders: a border that runs along a grid line would make two rows of border
# cells, not one.
EAST: Final = 180.0013
NORTH: Final = 90.0017

TILE_COLUMNS: Final = 360 * 4 + 1
TILE_ROWS: Final = 180 * 4 + 1
COLUMNS: Final = TILE_COLUMNS * SUB
ROWS: Final = TILE_ROWS * SUB


def column(lon: Floats) -> Floats:
    """Longitude in degrees as a fractional column; its floor is the cell's column."""
    return np.asarray((lon + EAST) * CELLS_PER_DEGREE)


def row(lat: Floats) -> Floats:
    """Latitude in degrees as a fractional row, counted from the south; its floor is the cell's row."""
    return np.asarray((lat + NORTH) * CELLS_PER_DEGREE)


def whole(values: Floats) -> Ints:
    """The floor of fractional rows or columns as whole numbers."""
    return np.floor(values).astype(np.int64)


def tile_of(rows: Ints, columns: Ints) -> Ints:
    """The number of the tile that holds each cell."""
    return np.asarray((rows >> SUB_BITS) * TILE_COLUMNS + (columns >> SUB_BITS))


def place_in_tile(rows: Ints, columns: Ints) -> Ints:
    """The place (0 to 1023) of each cell within its tile."""
    return np.asarray(((rows & (SUB - 1)) << SUB_BITS) + (columns & (SUB - 1)))


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """Repeats owner i counts[i] times: returns each copy's owner and its ordinal (0, 1, ...) with that owner."""
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - first[owner]
