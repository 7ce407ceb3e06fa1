"""Draw the outline of Halden and irregular lines: surveyed borders in the west and north, coast, bay and river."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID = 1e-6  # degrees, about 10 cm: every coordinate of every layer lies on this grid

# Corners in order; True where the line that follows is surveyed (straight), False where it is water.
_CORNERS: Sequence[tuple[float, float, bool]] = (
    (-49.45, 33.08, True),
    (-49.45, 33.52, True),
    (-49.75, 33.52, True),
    (-49.75, 36.20, True),
    (-46.90, 36.20, True),
    (-46.90, 36.05, True),
    (-44.82, 36.05, False),
    (-44.60, 35.72, False),
    (-44.32, 35.52, False),
    (-44.24, 35.18, False),
    (-44.08, 34.94, False),
    (-44.42, 34.62, False),
    (-44.82, 34.46, False),
    (-45.30, 34.44, False),
    (-45.66, 34.60, False),
    (-45.94, 34.62, False),
    (-46.00, 34.52, False),
    (-45.72, 34.36, False),
    (-45.52, 34.14, False),
    (-45.10, 33.92, False),
    (-45.22, 33.52, False),
    (-45.72, 33.22, False),
    (-46.52, 33.12, False),
    (-47.10, 33.32, False),
    (-47.86, 33.40, False),
    (-48.62, 33.18, False),
)
_ISLAND = ((-44.60, 33.94), (-44.52, 34.08), (-44.36, 34.10), (-44.24, 33.98), (-44.34, 33.86), (-44.50, 33.84))


def crooked(ends: Floats, depth: int, rough: float, rng: np.random.Generator) -> Floats:
    """Displace midpoints of many lines at once.

    `ends` is (lines, 2, 2) and the result (lines, 2**depth + 1, 2). `rough` is the displacement of a midpoint as a
    share of the segment's length, so that a line looks alike at every scale.
    """
    lines = ends
    for _ in range(depth):
        a, b = lines[:, :-1], lines[:, 1:]
        along = b - a
        across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
        shift = np.clip(rng.normal(0, rough, across.shape[:2]), -2 * rough, 2 * rough)
        middle = (a + b) / 2 + across * shift[..., None]
        longer = np.empty((len(lines), 2 * lines.shape[1] - 1, 2))
        longer[:, 0::2] = lines
        longer[:, 1::2] = middle
        lines = longer
    return lines


def _coast(a: tuple[float, float], b: tuple[float, float], rng: np.random.Generator) -> Floats:
    line: Floats = crooked(np.array([[a, b]]), 6, 0.11, rng)[0]
    return line


def halden() -> shapely.MultiPolygon:
    """Return the land of Halden: the mainland with its bay, and one island. The same for every seed."""
    rng = np.random.default_rng(1871)
    ring: list[Floats] = []
    following = (*_CORNERS[1:], _CORNERS[0])
    for (x, y, straight), (u, v, _) in zip(_CORNERS, following, strict=True):
        ring.append(np.array([[x, y]]) if straight else _coast((x, y), (u, v), rng)[:-1])
    island = [_coast(a, b, rng)[:-1] for a, b in zip(_ISLAND, (*_ISLAND[1:], _ISLAND[0]), strict=True)]
    land = [shapely.Polygon(np.concatenate(parts)) for parts in (ring, island)]
    if not all(part.is_valid for part in land):
        raise ValueError("the outline of Halden crosses itself: change its corners or its roughness")
    return shapely.set_precision(shapely.MultiPolygon(land), GRID)
