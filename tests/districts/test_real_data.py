"""Real boundary files, where VOTEKIN_REAL_DATA names a folder that has them: the index against shapely."""

import csv
import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from django.core.management import call_command

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.django_db,
    pytest.mark.skipif("VOTEKIN_REAL_DATA" not in os.environ, reason="VOTEKIN_REAL_DATA names no folder"),
]
FILES = {
    "cd": "cd118_tiger2022",
    "sldu": "sldu_2017_simplified10m",
    "sldl": "sldl_2017_simplified10m",
    "county": "county_cb2023_20m",
    "state": "state_cb2023_5m",
}
POINTS = 100_000
NEAR = 1e-6


def real(name: str) -> Path:
    return Path(os.environ["VOTEKIN_REAL_DATA"]) / f"{name}.parquet"


def drawn(count: int) -> np.ndarray:
    """Draw half of the points over the whole country, half near vertices of the House districts."""
    rng = np.random.default_rng(7)
    shapes = shapely.from_wkb(pq.read_table(real(FILES["sldl"]), columns=["geometry"]).column("geometry").to_pylist())
    vertices = shapely.get_coordinates(shapes)
    spread = rng.uniform([-179.9, 17], [-65, 72], (count // 2, 2))
    near = vertices[rng.integers(0, len(vertices), count - count // 2)]
    return np.vstack([spread, near + rng.normal(0, 0.003, near.shape)])


def test_look_ups_agree_with_shapely_on_real_lines(tmp_path: Path) -> None:
    points = drawn(POINTS)
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([("id", "lon", "lat"), *((n, *map(repr, p)) for n, p in enumerate(points.tolist()))])
    for layer, name in FILES.items():
        call_command("load_boundaries", str(real(name)), "--layer", layer, "--vintage", "real")
    call_command("lookup_districts", "--input", str(source), "--output", str(out))
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == POINTS
    for layer, name in FILES.items():
        wanted, doubtful = by_shapely(real(name), points)
        got = [frozenset(filter(None, row[layer].split("|"))) for row in rows]
        differ = [n for n in range(POINTS) if n not in doubtful and got[n] != wanted[n]]
        assert differ == [], f"{layer}: {len(differ)} points differ, the first is {points[differ[0]]}"


def by_shapely(path: Path, points: np.ndarray) -> tuple[list[frozenset[str]], set[int]]:
    """Return shapely's ids of each point, and the points too close to a line to compare."""
    table = pq.read_table(path, columns=["ocdid", "geometry"]).to_pydict()
    kept = [n for n, each in enumerate(table["ocdid"]) if each]
    geometries, ids = shapely.from_wkb([table["geometry"][n] for n in kept]), [table["ocdid"][n] for n in kept]
    places = shapely.points(points)
    found: list[set[str]] = [set() for _ in points]
    for point, polygon in zip(*shapely.STRtree(geometries).query(places, predicate="within"), strict=True):
        found[point].add(ids[polygon])
    ends, line = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometries)), return_index=True)
    pair = np.flatnonzero(line[1:] == line[:-1])
    edges = shapely.linestrings(np.stack([ends[pair], ends[pair + 1]], axis=1))
    near = shapely.STRtree(edges).query(places, predicate="dwithin", distance=NEAR)[0]
    return [frozenset(each) for each in found], set(near.tolist())
