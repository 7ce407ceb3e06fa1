"""The index against shapely on real layers, over random and adversarial points; differences are listed.

`VOTEKIN_REAL_DATA=... python -m bench.districts_agreement [points a layer]`. A third of the points are spread over
the layer, a third lie up to 300 m from a line, a third within 10 m of one. Points within 1e-6 degrees of a line are
compared with exact arithmetic over the whole polygons instead (a sample), because shapely rounds there.
"""

import os
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import shapely

from apps.districts.cells.build import build_cells
from apps.districts.cells.lookup import Cells
from bench.districts import FILES, _read

NEAR = 1e-6
EXACT_SAMPLE = 300
PORTION = 50_000


def drawn(shapes: np.ndarray, count: int) -> np.ndarray:
    """Spread, near and very near points."""
    rng = np.random.default_rng(11)
    ends = shapely.get_coordinates(shapes)
    west, south, east, north = shapely.total_bounds(shapes)
    spread = rng.uniform([west, south], [east, north], (count // 3, 2))
    near = ends[rng.integers(0, len(ends), count // 3)] + rng.normal(0, 0.003, (count // 3, 2))
    very = ends[rng.integers(0, len(ends), count - 2 * (count // 3))]
    points: np.ndarray = np.vstack([spread, near, very + rng.normal(0, 1e-4, very.shape)])
    return np.clip(points, [-180, -90], [180, 90])


def by_shapely(shapes: np.ndarray, points: np.ndarray) -> tuple[set[tuple[int, int]], set[int]]:
    """The (point, polygon) pairs that shapely gives, and the points too near to a line to compare."""
    ends, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    pair = np.flatnonzero(ring[1:] == ring[:-1])
    edges = shapely.STRtree(shapely.linestrings(np.stack([ends[pair], ends[pair + 1]], axis=1)))
    tree = shapely.STRtree(shapes)
    pairs: set[tuple[int, int]] = set()
    doubtful: set[int] = set()
    for start in range(0, len(points), PORTION):
        places = shapely.points(points[start : start + PORTION])
        point, polygon = tree.query(places, predicate="within")
        pairs.update(zip((point + start).tolist(), polygon.tolist(), strict=True))
        doubtful.update((edges.query(places, predicate="dwithin", distance=NEAR)[0] + start).tolist())
    return pairs, doubtful


def exactly(shape: shapely.Geometry, lon: float, lat: float) -> bool:
    """Even-odd over all edges, in exact arithmetic."""
    ends, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    pair = np.flatnonzero(ring[1:] == ring[:-1])
    a, b = ends[pair], ends[pair + 1]
    spans = (a[:, 1] > lat) != (b[:, 1] > lat)
    inside = False
    for (x1, y1), (x2, y2) in zip(a[spans].tolist(), b[spans].tolist(), strict=True):
        slope = (Fraction(x2) - Fraction(x1)) / (Fraction(y2) - Fraction(y1))
        inside ^= Fraction(x1) + (Fraction(lat) - Fraction(y1)) * slope < Fraction(lon)
    return inside


def on_lines(shapes: np.ndarray, cells: Cells) -> int:
    """Vertices answered otherwise than by exact arithmetic, of a sample; outer lines, which take the nearest, apart."""
    rng = np.random.default_rng(12)
    ends = shapely.get_coordinates(shapes)
    wrong = 0
    for lon, lat in ends[rng.integers(0, len(ends), EXACT_SAMPLE)].tolist():
        around = shapely.STRtree(shapes).query(shapely.Point(lon, lat).buffer(1e-3))
        wanted = tuple(sorted(int(n) for n in around if exactly(shapes[n], lon, lat)))
        wrong += bool(wanted) and cells.at(lon, lat) != wanted
    return wrong


def main(count: int) -> int:
    """Prints one line a layer and the first differences; ends with 1 when there is any."""
    folder, total = Path(os.environ["VOTEKIN_REAL_DATA"]), 0
    for layer, name in FILES.items():
        start = time.perf_counter()
        shapes = _read(folder / f"{name}.parquet")
        cells, points = Cells(len(shapes), build_cells(shapes)), drawn(shapes, count)
        pairs, doubtful = by_shapely(shapes, points)
        ours = zip(*(each.tolist() for each in cells.pairs(points[:, 0].copy(), points[:, 1].copy())), strict=True)
        differ = sorted({point for point, _ in pairs ^ set(ours)} - doubtful)
        wrong = on_lines(shapes, cells)
        total += len(differ) + wrong
        print(
            f"{layer}: {count} points, {len(doubtful)} on a line, {len(differ)} differ; of {EXACT_SAMPLE} vertices "
            f"{wrong} differ from exact arithmetic ({time.perf_counter() - start:.0f} s)",
            flush=True,
        )
        for point in differ[:10]:
            print("  ", points[point].tolist(), cells.at(*points[point].tolist()))
    return int(total > 0)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
