"""Generated geometry for the tests of districts, and an exact even-odd test to compare with."""

from fractions import Fraction

import numpy as np
import shapely

GRID = np.array([180.0013, 90.0017])  # origin of the cells


def crooked(columns: int, rows: int, *, west: float, south: float, size: float, seed: int = 1) -> np.ndarray:
    """Return a gapless grid of districts with irregular borders; neighbors share their edges vertex by vertex.

    The outer border is irregular too. `size` is the width of a district in degrees.
    """
    rng = np.random.default_rng(seed)
    corner = rng.uniform(-0.25, 0.25, (rows + 1, columns + 1, 2)) * size
    corner += np.stack(np.meshgrid(west + size * np.arange(columns + 1), south + size * np.arange(rows + 1)), axis=-1)
    east = [[_wander(rng, corner[r, c], corner[r, c + 1]) for c in range(columns)] for r in range(rows + 1)]
    north = [[_wander(rng, corner[r, c], corner[r + 1, c]) for c in range(columns + 1)] for r in range(rows)]
    rings = [
        np.vstack([east[r][c], north[r][c + 1], east[r + 1][c][::-1], north[r][c][::-1]])
        for r in range(rows)
        for c in range(columns)
    ]
    return np.array([shapely.Polygon(ring) for ring in rings])


def _wander(rng: np.random.Generator, a: np.ndarray, b: np.ndarray, points: int = 12) -> np.ndarray:
    along = np.linspace(0, 1, points)[:, None]
    off = rng.uniform(-0.04, 0.04, (points, 1))
    off[0] = off[-1] = 0
    across = np.array([[a[1] - b[1], b[0] - a[0]]])
    return a + (b - a) * along + across * off


def star(rng: np.random.Generator, lon: float, lat: float, radius: float, points: int = 9) -> shapely.Polygon:
    """Return a valid, strongly concave polygon around a point."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    reach = radius * rng.uniform(0.2, 1.0, points)
    return shapely.Polygon(np.stack([lon + reach * np.cos(angle), lat + reach * np.sin(angle)], axis=1))


def even_odd(geometry: shapely.Geometry, lon: float, lat: float) -> bool:
    """Return whether the point is inside, in exact arithmetic over every edge of every ring (half-open: south-east
    in).
    """
    x, y = Fraction(lon), Fraction(lat)
    inside = False
    for ring in shapely.get_rings(shapely.get_parts(geometry)):
        points = shapely.get_coordinates(ring)
        for (x1, y1), (x2, y2) in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
            if (y1 > lat) != (y2 > lat):
                cross = Fraction(x1) + (y - Fraction(y1)) * (Fraction(x2) - Fraction(x1)) / (
                    Fraction(y2) - Fraction(y1)
                )
                inside ^= cross < x
    return inside


def expected(geometries: np.ndarray, lon: float, lat: float) -> tuple[int, ...]:
    """Return the numbers of all polygons that contain the point."""
    return tuple(i for i, geometry in enumerate(geometries) if even_odd(geometry, lon, lat))


def vertices(geometries: np.ndarray) -> np.ndarray:
    """Return all vertices, as (n, 2)."""
    return np.asarray(shapely.get_coordinates(geometries))


def near_misses(geometries: np.ndarray, seed: int = 5, count: int = 60) -> np.ndarray:
    """Return points that would reveal a wrong index: vertices, their latitudes elsewhere, and corners of cells."""
    rng = np.random.default_rng(seed)
    points = vertices(geometries)
    west, south, east, north = shapely.total_bounds(geometries)
    picked = points[rng.integers(0, len(points), count)]
    level = np.stack([rng.uniform(west, east, count), picked[:, 1]], axis=1)
    spread = np.stack([rng.uniform(west, east, count), rng.uniform(south, north, count)], axis=1)
    corners = np.round((spread + GRID) * 128) / 128 - GRID
    nudged = np.nextafter(corners, rng.choice([-999.0, 999.0], corners.shape))
    return np.clip(np.vstack([picked, level, spread, corners, nudged]), [-180, -90], [180, 90])
