"""Compare the index with shapely on every real layer, over random and adversarial points; list the differences.

`VOTEKIN_REAL_DATA=... python -m bench.districts_agreement [points a layer]`. A quarter of the points are spread over
the layer, a quarter lie up to 300 m from a line, a quarter within 10 m of one; the last quarter are vertices, points
on edges, and corners of cells with their floating-point neighbors. shapely rounds on a line, so a pair of point and
polygon counts as different only if the point is more than 1e-6 degrees (0.1 m) from the lines of that polygon; closer
ones count as `on a line`, and a sample of vertices is compared with exact arithmetic over whole polygons.
"""

import json
import os
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from apps.districts.sources.boundaries import read_boundaries
from apps.districts.spatial_index.build import build_cells
from apps.districts.spatial_index.grid import SUB
from apps.districts.spatial_index.lookup import Cells

OUT = Path(__file__).parent / "out" / "districts_agreement.json"
LAYERS = (
    "cd118_tiger2022",
    "cd118_cb2023_20m",
    "cd_2016to2022_500k",
    "sldl_2017_full_PA-NC-OH-MT-NH-MN",
    "sldu_2017_full_PA-NC-OH-MT-NH-MN",
    "sldl_2017_simplified10m",
    "sldu_2017_simplified10m",
    "state_cb2023_5m",
    "county_cb2023_20m",
    "county_usatlas2023_10m",
    "scsd_cb2023_500k",
    "aiannh_cb2023_500k",
)
# Files without OCD ids, which the layer definitions generate.
MADE_IDS = {"scsd_cb2023_500k": "school_district", "aiannh_cb2023_500k": "tribal"}
NEAR = 1e-6
EXACT_SAMPLE = 300
PORTION = 50_000


def drawn(shapes: np.ndarray, count: int) -> np.ndarray:
    """Return random points, and points near, very near and adversarially close to lines."""
    rng = np.random.default_rng(11)
    ends = shapely.get_coordinates(shapes)
    a, b = edges_of(shapes)[:2]
    west, south, east, north = shapely.total_bounds(shapes)
    part = count // 4
    spread = rng.uniform([west, south], [east, north], (part, 2))
    near = ends[rng.integers(0, len(ends), part)] + rng.normal(0, 0.003, (part, 2))
    very = ends[rng.integers(0, len(ends), part)] + rng.normal(0, 1e-4, (part, 2))
    vertices = ends[rng.integers(0, len(ends), part // 3)]
    edge = rng.integers(0, len(a), part // 3)
    along = a[edge] + (b[edge] - a[edge]) * rng.uniform(0, 1, (part // 3, 1))
    # Cells of a quarter of a degree, and the smaller ones inside; a corner, or the next floating-point number.
    cell = 0.25 / SUB
    corners = np.round(ends[rng.integers(0, len(ends), count - 3 * part - 2 * (part // 3))] / cell) * cell
    corners = np.nextafter(corners, corners + rng.integers(-1, 2, corners.shape))
    points: np.ndarray = np.vstack([spread, near, very, vertices, along, corners])
    return np.clip(points, [-180, -90], [180, 90])


def edges_of(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return both ends of every edge, and the polygon it belongs to."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    ends, ring = shapely.get_coordinates(rings, return_index=True)
    pair = np.flatnonzero(ring[1:] == ring[:-1])
    return ends[pair], ends[pair + 1], owner[part[ring[pair]]]


def by_shapely(shapes: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return shapely's (point, polygon) pairs, and the pairs with the point on a line of the polygon; both as point *
    polygons + polygon.
    """
    a, b, owner = edges_of(shapes)
    edges = shapely.STRtree(shapely.linestrings(np.stack([a, b], axis=1)))
    tree = shapely.STRtree(shapes)
    held, lined = [], []
    for start in range(0, len(points), PORTION):
        places = shapely.points(points[start : start + PORTION])
        point, polygon = tree.query(places, predicate="within")
        held.append((point + start) * len(shapes) + polygon)
        point, edge = edges.query(places, predicate="dwithin", distance=NEAR)
        lined.append(np.unique((point + start) * len(shapes) + owner[edge]))
    return np.concatenate(held), np.concatenate(lined)


def exactly(shape: shapely.Geometry, lon: float, lat: float) -> bool:
    """Apply the even-odd rule over all edges, in exact arithmetic."""
    a, b, _owner = edges_of(np.array([shape]))
    spans = (a[:, 1] > lat) != (b[:, 1] > lat)
    inside = False
    for (x1, y1), (x2, y2) in zip(a[spans].tolist(), b[spans].tolist(), strict=True):
        slope = (Fraction(x2) - Fraction(x1)) / (Fraction(y2) - Fraction(y1))
        inside ^= Fraction(x1) + (Fraction(lat) - Fraction(y1)) * slope < Fraction(lon)
    return inside


def on_lines(shapes: np.ndarray, cells: Cells) -> int:
    """Count sampled vertices that differ from exact arithmetic; outer lines, which get the nearest district,
    separately.
    """
    rng = np.random.default_rng(12)
    ends = shapely.get_coordinates(shapes)
    tree = shapely.STRtree(shapes)
    wrong = 0
    for lon, lat in ends[rng.integers(0, len(ends), EXACT_SAMPLE)].tolist():
        around = tree.query(shapely.Point(lon, lat).buffer(1e-3))
        wanted = tuple(sorted(int(n) for n in around if exactly(shapes[n], lon, lat)))
        wrong += bool(wanted) and cells.at(lon, lat) != wanted
    return wrong


def compare(name: str, count: int) -> dict[str, Any]:
    """Return one layer's figures and its first differences."""
    start = time.perf_counter()
    layer = MADE_IDS.get(name, name.partition("_")[0].rstrip("0123456789"))
    shapes = read_boundaries(Path(os.environ["VOTEKIN_REAL_DATA"]) / f"{name}.parquet", layer).geometries
    cells, points = Cells(len(shapes), build_cells(shapes)), drawn(shapes, count)
    theirs, lined = by_shapely(shapes, points)
    point, polygon = cells.pairs(points[:, 0].copy(), points[:, 1].copy())
    otherwise = np.setxor1d(point * len(shapes) + polygon, theirs)
    differ = np.setdiff1d(otherwise, lined)
    return {
        "layer": name,
        "points": len(points),
        "pairs": len(theirs),
        "on_a_line": len(otherwise) - len(differ),
        "differ": len(differ),
        "vertices_not_exact": on_lines(shapes, cells),
        "examples": [[*points[each // len(shapes)].tolist(), int(each % len(shapes))] for each in differ[:10]],
        "seconds": round(time.perf_counter() - start),
    }


def main(count: int) -> int:
    """Print one line a layer and the first differences; exit with 1 if there is any."""
    rows = []
    for name in LAYERS:
        row = compare(name, count)
        rows.append(row)
        print(
            f"{name:<36}{row['points']:>10,} points {row['pairs']:>10,} pairs {row['on_a_line']:>8,} on a line,"
            f" {row['differ']:>4} differ; of {EXACT_SAMPLE} vertices {row['vertices_not_exact']} not exact"
            f" ({row['seconds']} s)",
            flush=True,
        )
        for each in row["examples"]:
            print("  ", each)
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps(rows, indent=1) + "\n")
    return int(any(row["differ"] or row["vertices_not_exact"] for row in rows))


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
