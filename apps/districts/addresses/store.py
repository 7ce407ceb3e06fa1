"""Store all loaded addresses in one SQLite file, with a row per street, ZIP code and city."""

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from apps.districts.addresses.files import AddressRow, Range
from apps.districts.addresses.interpolation import pack_line
from apps.districts.addresses.spelling import respell
from apps.districts.addresses.streets import HouseNumber, street

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS sources (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, rows INTEGER NOT NULL,
    loaded_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS streets (
    key TEXT NOT NULL, zip TEXT NOT NULL, city TEXT NOT NULL, source INTEGER NOT NULL, state TEXT NOT NULL,
    core TEXT NOT NULL, name TEXT NOT NULL, pieces TEXT NOT NULL, lines BLOB NOT NULL,
    PRIMARY KEY (key, zip, city, source)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS streets_by_core ON streets (core, zip);
CREATE TABLE IF NOT EXISTS samples (zip TEXT NOT NULL, source INTEGER NOT NULL, places BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS samples_by_zip ON samples (zip);
CREATE TABLE IF NOT EXISTS shares (
    vintage TEXT NOT NULL, zip TEXT NOT NULL, division TEXT NOT NULL, houses REAL NOT NULL,
    PRIMARY KEY (zip, vintage, division)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS area_shares (
    vintage TEXT NOT NULL, zip TEXT NOT NULL, division TEXT NOT NULL, houses REAL NOT NULL,
    PRIMARY KEY (zip, vintage, division)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS zip_lists (
    layer TEXT NOT NULL, vintage TEXT NOT NULL, zip TEXT NOT NULL, division TEXT NOT NULL, weight REAL,
    PRIMARY KEY (zip, layer, vintage, division)
) WITHOUT ROWID;
"""
DELETE_SOURCE: Final = (
    "DELETE FROM streets WHERE source IN (SELECT id FROM sources WHERE name = ?)",
    "DELETE FROM samples WHERE source IN (SELECT id FROM sources WHERE name = ?)",
    "DELETE FROM sources WHERE name = ?",
)
ADD_SOURCE: Final = "INSERT INTO sources (name, kind, rows, loaded_at) VALUES (?, ?, 0, datetime('now')) RETURNING id"
# Points are buffered by ZIP code up to this number, which bounds memory for any file.
MAX_BUFFERED_POINTS: Final = 500_000


def connect(path: Path) -> sqlite3.Connection:
    """Open the database, creating it if it is missing; readers never wait for a load (WAL)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(SCHEMA)
    respell(connection)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block in a transaction, rolled back on any error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def replace_source(path: Path, name: str, kind: str, rows: Iterable[AddressRow]) -> int:
    """Store the rows of one file, replacing an earlier file of that name; return the number of rows.

    Uses one transaction: readers see either the old rows or all the new ones.
    """
    with closing(connect(path)) as connection, transaction(connection):
        for statement in DELETE_SOURCE:
            connection.execute(statement, [name])
        source = connection.execute(ADD_SOURCE, [name, kind]).fetchone()[0]
        count = _stage(connection, source, rows)
        _pack(connection, source)
        connection.execute("UPDATE sources SET rows = ? WHERE id = ?", [count, source])
    return count


def replace_areas(path: Path, name: str, kind: str, areas: Iterable[tuple[str, bytes]]) -> int:
    """Replace all sources of a kind by the points of ZIP codes (packed longitude, latitude, weight)."""
    with closing(connect(path)) as connection, transaction(connection):
        for (previous,) in connection.execute("SELECT name FROM sources WHERE kind = ?", [kind]).fetchall():
            for statement in DELETE_SOURCE:
                connection.execute(statement, [previous])
        source = connection.execute(ADD_SOURCE, [name, kind]).fetchone()[0]
        connection.executemany(
            "INSERT INTO samples (zip, source, places) VALUES (?, ?, ?)", ((code, source, data) for code, data in areas)
        )
        count = connection.execute("SELECT count(*) FROM samples WHERE source = ?", [source]).fetchone()[0]
        connection.execute("UPDATE sources SET rows = ? WHERE id = ?", [count, source])
    return int(count)


def _stage(connection: sqlite3.Connection, source: int, rows: Iterable[AddressRow]) -> int:
    """Write rows to a staging table, and their points to `samples`; return the number of rows."""
    connection.execute("DROP TABLE IF EXISTS staged")
    connection.execute("CREATE TABLE staged (key, zip, city, state, core, name, piece, line)")
    points: dict[str, array[float]] = {}
    counts: Counter[str] = Counter()

    def staged() -> Iterator[tuple[str, str, str, str, str, str, str, bytes]]:
        for row in rows:
            counts["rows"] += 1
            for point in row.samples():
                points.setdefault(row.zip, array("d")).extend(point)
                counts["buffered"] += 1
            if counts["buffered"] > MAX_BUFFERED_POINTS:
                _flush(connection, source, points)
                counts["buffered"] = 0
            key, core = street(row.street)
            piece = json.dumps(row.entry, separators=(",", ":"))
            yield key, row.zip, row.city.lower(), row.state.lower(), core, row.street, piece, pack_line(row.line)

    connection.executemany("INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?, ?, ?)", staged())
    _flush(connection, source, points)
    return counts["rows"]


def _flush(connection: sqlite3.Connection, source: int, points: dict[str, "array[float]"]) -> None:
    connection.executemany(
        "INSERT INTO samples (zip, source, places) VALUES (?, ?, ?)",
        [(zip_code, source, data.tobytes()) for zip_code, data in points.items() if zip_code],
    )
    points.clear()


def _pack(connection: sqlite3.Connection, source: int) -> None:
    """Write a row per street from its staged segments, in sorted order."""
    staged_rows = connection.execute("SELECT * FROM staged ORDER BY key, zip, city")

    def streets() -> Iterator[tuple[object, ...]]:
        current: tuple[str, str, str] | None = None
        head: tuple[object, ...] = ()
        pieces: list[str] = []
        lines = bytearray()
        for key, zip_code, city, state, core, name, piece, line in staged_rows:
            if (key, zip_code, city) != current:
                if pieces:
                    yield (*head, f"[{','.join(pieces)}]", bytes(lines))
                current, head = (key, zip_code, city), (key, zip_code, city, source, state, core, name)
                pieces, lines = [], bytearray()
            pieces.append(f"[{piece},{len(lines) // 8},{len(line) // 8}]")
            lines += line
        if pieces:
            yield (*head, f"[{','.join(pieces)}]", bytes(lines))

    connection.executemany("INSERT INTO streets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", streets())
    connection.execute("DROP TABLE staged")


def parse_entry(values: list[object]) -> Range | HouseNumber:
    """Return a street segment from its JSON values."""
    return HouseNumber(*values) if len(values) <= len(HouseNumber._fields) else Range(*values)  # type: ignore[arg-type]
