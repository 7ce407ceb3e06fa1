"""Compare districts and addresses with geopandas and shapely, on real boundaries if VOTEKIN_REAL_DATA names them.

`python -m bench.districts` prints a table and writes bench/out/districts.json. One core, one process; a figure is the
best of three passes in processor time, which other load distorts least.
"""

import csv
import gzip
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from apps.districts.addresses.files import AddressRow, Range
from apps.districts.addresses.lookup import AddressIndex, AddressMatch
from apps.districts.addresses.parse import ParsedAddress
from apps.districts.addresses.store import replace_source
from apps.districts.spatial_index.build import build_cells
from apps.districts.spatial_index.lookup import Cells, open_cells
from apps.districts.spatial_index.single_point import locate
from apps.districts.spatial_index.store import write_cells
from bench import districts_postgis
from bench.table import Line, report

OUT = Path(__file__).parent / "out" / "districts.json"
FILES = {
    "cd": "cd118_tiger2022",
    "sldu": "sldu_2017_simplified10m",
    "sldl": "sldl_2017_simplified10m",
    "county": "county_cb2023_20m",
    "state": "state_cb2023_5m",
}
POINTS = 1_000_000
PEER_POINTS = 200_000
SINGLES = 50_000
LOOKUPS = 100_000


def run(folder: Path) -> list[Line]:
    """Measure everything in a scratch folder."""
    real = os.environ.get("VOTEKIN_REAL_DATA")
    layers = {layer: _read(Path(real) / f"{name}.parquet") for layer, name in FILES.items()} if real else _grid()
    points = _people(Path(real) if real else None, layers["cd"])
    lines, opened = _build(folder, layers)
    lines += _batch(opened, points)
    lines += _peers(layers["cd"], opened["cd"], points[:PEER_POINTS])
    lines += _single(opened, points[:SINGLES])
    return lines + _addresses(folder)


def _read(path: Path) -> np.ndarray:
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["ocdid", "geometry"]).to_pydict()
    return np.asarray(shapely.from_wkb([g for g, each in zip(table["geometry"], table["ocdid"], strict=True) if each]))


def _grid() -> dict[str, np.ndarray]:
    """Return a grid of irregular districts over the country's extent, with as many vertices as the real layers."""
    return {layer: _grid(*size) for layer, size in {"cd": (29, 15, 1800), "sldu": (60, 31, 280), "sldl": (98, 50, 160),
                                                    "county": (80, 40, 5), "state": (10, 5, 460)}.items()}  # fmt: skip


def _grid(columns: int, rows: int, points: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    lon, lat = np.meshgrid(np.linspace(-124, -67, columns + 1), np.linspace(25, 49, rows + 1))
    size = 57 / columns
    corner = np.stack([lon, lat], axis=-1) + rng.uniform(-0.2, 0.2, (rows + 1, columns + 1, 2)) * size

    def line(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        off = np.cumsum(rng.normal(0, 1, points + 1))
        off -= np.linspace(off[0], off[-1], points + 1)
        across = np.array([[a[1] - b[1], b[0] - a[0]]]) * 0.06 / max(1.0, np.abs(off).max())
        return a + (b - a) * np.linspace(0, 1, points + 1)[:, None] + off[:, None] * across

    east = [[line(corner[r, c], corner[r, c + 1]) for c in range(columns)] for r in range(rows + 1)]
    north = [[line(corner[r, c], corner[r + 1, c]) for c in range(columns + 1)] for r in range(rows)]
    rings = [
        np.vstack([east[r][c], north[r][c + 1], east[r + 1][c][::-1], north[r][c][::-1]])
        for r in range(rows)
        for c in range(columns)
    ]
    return np.array([shapely.Polygon(ring) for ring in rings])


def _people(folder: Path | None, shapes: np.ndarray) -> np.ndarray:
    """Draw points as people live: around the centers of ZIP codes, within some 2 km."""
    rng = np.random.default_rng(2)
    if folder:
        with gzip.open(folder / "zcta_centroids.csv.gz", "rt") as file:
            centres = np.array([(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)])
    else:
        west, south, east, north = shapely.total_bounds(shapes)
        centres = rng.uniform([west, south], [east, north], (33_000, 2))
    picked: np.ndarray = centres[rng.integers(0, len(centres), POINTS)] + rng.normal(0, 0.02, (POINTS, 2))
    return picked


def _timed(act: Callable[[], Any], passes: int = 3) -> float:
    """Return seconds of processor time, which other load distorts far less than wall-clock time."""
    best = float("inf")
    for _ in range(passes):
        start = time.process_time()
        act()
        best = min(best, time.process_time() - start)
    return best


def _build(folder: Path, layers: dict[str, np.ndarray]) -> tuple[list[Line], dict[str, Cells]]:
    lines, opened = [], {}
    for layer, shapes in layers.items():
        seconds = _timed(
            lambda shapes=shapes, layer=layer: write_cells(folder / layer, build_cells(shapes), len(shapes)), 1
        )
        size = sum(each.stat().st_size for each in (folder / layer).iterdir()) / 1e6
        opening = _timed(lambda layer=layer: open_cells(folder / layer)) * 1e3
        opened[layer] = open_cells(folder / layer)
        limit = layer == "cd"
        vertices = shapely.get_num_coordinates(shapes).sum() / 1e6
        lines += [
            Line(f"{layer}: index of {len(shapes)} divisions, {vertices:.2f} M vertices", seconds, "s",
                 "<= 60" if limit else "", seconds <= 60 if limit else None),
            Line(f"{layer}: size", size, "MB", "<= 300" if limit else "", size <= 300 if limit else None),
            Line(f"{layer}: opened", opening, "ms", "<= 50" if limit else "", opening <= 50 if limit else None),
        ]  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return [*lines, Line("peak memory, all layers read and built", peak, "MB")], opened


def _batch(opened: dict[str, Cells], points: np.ndarray) -> list[Line]:
    lon, lat = points[:, 0].copy(), points[:, 1].copy()
    lines, total = [], 0.0
    for layer, cells in opened.items():
        seconds = _timed(lambda cells=cells: cells.pairs(lon, lat))
        speed = len(points) / seconds / 1e6
        lines.append(Line(f"{layer}: batch", speed, "M points/s", ">= 10" if layer == "cd" else "",
                          speed >= 10 if layer == "cd" else None))  # fmt: skip
        total += seconds
    return [*lines, Line("1 M points, five layers", total, "s", "< 1", total < 1)]


def _peers(shapes: np.ndarray, cells: Cells, points: np.ndarray) -> list[Line]:
    """Compute the same results with shapely's tree and with geopandas, on the congressional layer."""
    import geopandas

    lon, lat = points[:, 0].copy(), points[:, 1].copy()
    frame = geopandas.GeoDataFrame(geometry=shapes, crs=4326)
    places = shapely.points(points)
    prepared = shapes.copy()
    shapely.prepare(prepared)
    tree = shapely.STRtree(prepared)
    frame_of_points = geopandas.GeoDataFrame(geometry=places, crs=4326)
    frame.sindex  # noqa: B018 - built before the clock starts
    by_tree = _timed(lambda: tree.query(places, predicate="within"), 1)
    by_join = _timed(lambda: geopandas.sjoin(frame_of_points, frame, predicate="within"), 1)
    point, polygon = tree.query(places, predicate="within")
    theirs = set(zip(point.tolist(), polygon.tolist(), strict=True))
    own = set(zip(*(each.tolist() for each in cells.pairs(lon, lat)), strict=True))
    return [
        *_postgis(shapes, points, own),
        Line("cd: geopandas sjoin", len(points) / by_join / 1e6, "M points/s"),
        Line("cd: shapely STRtree, prepared", len(points) / by_tree / 1e6, "M points/s"),
        Line(
            "cd: points that differ from shapely",
            len(own ^ theirs),
            f"of {len(points)}",
            "0",
            own == theirs,
        ),
    ]


def _postgis(shapes: np.ndarray, points: np.ndarray, own: set[tuple[int, int]]) -> list[Line]:
    """Measure PostGIS by wall-clock time, if its server is named."""
    found = districts_postgis.lookup_times(shapes, points)
    if found is None:
        return []
    loaded, seconds, theirs = found
    return [
        Line("cd: PostGIS, subdivided, loaded and indexed", loaded, "s"),
        Line("cd: PostGIS, subdivided", len(points) / seconds / 1e6, "M points/s"),
        Line("cd: points that differ from PostGIS", len(own ^ theirs), f"of {len(points)}"),
    ]


def _single(opened: dict[str, Cells], points: np.ndarray) -> list[Line]:
    ones = tuple(cells.one for cells in opened.values())
    places = points.tolist()

    def every() -> None:
        for lon, lat in places:
            locate(ones, lon, lat)

    mean = _timed(every) / len(places) * 1e6
    took = []
    for lon, lat in places:
        start = time.perf_counter_ns()
        locate(ones, lon, lat)
        took.append(time.perf_counter_ns() - start)
    p95 = float(np.percentile(took, 95)) / 1e3
    return [
        Line("one point, five layers: mean", mean, "us", "<= 5", mean <= 5),
        Line("one point, five layers: p95", p95, "us", "<= 20", p95 <= 20),
    ]


def _side(street: int, block: int, left: bool) -> AddressRow:
    """Return one side of one block; even numbers on the left."""
    first = block * 100 + (not left)
    west, lat = -100 + block / 500, 40 + street / 10_000
    entry = Range("", first, first + 98, "E" if left else "O", left)
    return AddressRow(f"{street} St", f"{101 + street % 40:05}", "", "", entry, [west, lat, west + 0.002, lat])


def _addresses(folder: Path) -> list[Line]:
    """Generate a county of 6,000 streets with both sides of five blocks each, even and odd numbers."""
    rows = [_side(name, block, left) for name in range(6000) for block in range(1, 6) for left in (True, False)]
    loading = _timed(lambda: replace_source(folder / "addresses.sqlite3", "made", "addrfeat", rows), 1)
    index, rng = AddressIndex(folder / "addresses.sqlite3"), np.random.default_rng(3)
    picked = [rows[each] for each in rng.integers(0, len(rows), LOOKUPS)]
    queries = [
        ParsedAddress(str(row.entry.first), row.street, zip=row.zip) for row in picked if isinstance(row.entry, Range)
    ]
    texts = [f"{each.number} {each.street}, Anytown, QX {each.zip}" for each in queries]
    found = sum(isinstance(index.find(each), AddressMatch) for each in queries)
    structured = len(queries) / _timed(lambda: [index.find(each) for each in queries])
    typed = len(texts) / _timed(lambda: [index.find_text(each) for each in texts])
    return [
        Line("address ranges: load", len(rows) / loading, "sides/s"),
        Line("address ranges: structured look-ups", structured, "/s", ">= 50,000", structured >= 50_000),
        Line("address ranges: look-ups of one typed line", typed, "/s"),
        Line("address ranges: found", 100 * found / len(queries), "%"),
    ]


def main() -> int:
    """Run, print and write; exit with 1 if a target was missed."""
    scratch = Path(tempfile.mkdtemp(prefix=".bench-", dir=Path(__file__).parent))
    try:
        lines = run(scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    facts = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": f"Python {platform.python_version()}, numpy {np.__version__}, shapely {shapely.__version__}",
        "lines": "real" if os.environ.get("VOTEKIN_REAL_DATA") else "made up",
    }
    return report(lines, OUT, facts)


if __name__ == "__main__":
    raise SystemExit(main())
