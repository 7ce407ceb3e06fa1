"""Run the same lookup in PostGIS, in a scratch database of the servers that `make services ONLY=postgres` started.

`TEST_SERVERS=DATA_DIR/services/env python -m bench.districts` adds its line; without it this module does nothing.
"""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import numpy as np
import psycopg2
import shapely

from settings.env import read_file

# The size that ST_Subdivide's documentation recommends: most of the work is then in the index.
PIECE_VERTICES = 128
PORTION = 20_000
JOIN = "SELECT DISTINCT p.number, s.number FROM points p JOIN pieces s ON ST_Intersects(s.shape, p.place)"


@contextmanager
def scratch(owner: str) -> Iterator[Any]:
    """Yield a scratch database, dropped at the end."""
    name = f"votekin_bench_{secrets.token_hex(4)}"
    with closing(psycopg2.connect(owner)) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            with closing(psycopg2.connect(owner.rpartition("/")[0] + f"/{name}")) as database:
                database.autocommit = True
                with database.cursor() as inside:
                    yield inside
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def lookup_times(shapes: np.ndarray, points: np.ndarray) -> tuple[float, float, set[tuple[int, int]]] | None:
    """Return seconds to load and index, seconds of the best of three joins (one server process, as seen by a client),
    and the (point, polygon) pairs; None if no server is named.
    """
    if not os.environ.get("TEST_SERVERS"):
        return None
    with scratch(read_file(os.environ["TEST_SERVERS"])["DATABASE_OWNER_URL"]) as cursor:
        start = time.perf_counter()
        cursor.execute("CREATE TABLE shapes (number int, shape geometry)")
        for number, wkb in enumerate(shapely.to_wkb(shapes)):
            cursor.execute("INSERT INTO shapes VALUES (%s, ST_GeomFromWKB(%s))", [number, psycopg2.Binary(wkb)])
        cursor.execute(f"CREATE TABLE pieces AS SELECT number, ST_Subdivide(shape, {PIECE_VERTICES}) shape FROM shapes")
        cursor.execute("CREATE INDEX ON pieces USING gist (shape)")
        cursor.execute("VACUUM ANALYZE pieces")
        loaded = time.perf_counter() - start
        cursor.execute("CREATE TABLE points (number int, place geometry)")
        for first in range(0, len(points), PORTION):
            part = points[first : first + PORTION]
            cursor.execute(
                "INSERT INTO points SELECT number + %s - 1, ST_MakePoint(x, y) "
                "FROM unnest(%s, %s) WITH ORDINALITY AS t (x, y, number)",
                [first, part[:, 0].tolist(), part[:, 1].tolist()],
            )
        cursor.execute("VACUUM ANALYZE points")
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            cursor.execute(f"SELECT count(*) FROM ({JOIN}) found")
            best = min(best, time.perf_counter() - start)
        cursor.execute(JOIN)
        return loaded, best, set(cursor.fetchall())
