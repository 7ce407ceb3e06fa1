"""All loaded addresses in one SQLite file: a row for each street of a ZIP code and city, its pieces packed."""

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from apps.districts.addresses.files import AddressRow, Range
from apps.districts.addresses.interpolation import packed
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
FORGET: Final = (
    "DELETE FROM streets WHERE source IN (SELECT id FROM sources WHERE name = ?)",
    "DELETE FROM samples WHERE source IN (SELECT id FROM sources WHERE name = ?)",
    "DELETE FROM sources WHERE name = ?",
)
ADD_SOURCE: Final = "INSERT INTO sources (name, kind, rows, loaded_at) VALUES (?, ?, 0, datetime('now')) RETURNING id"
# Places are buffered by ZIP code up to this many, then written: memory stays bounded for any file.
BUFFERED: Final = 500_000


def connect(path: Path) -> sqlite3.Connection:
    """Opens the store, made with its tables where it is missing; readers never wait for a load."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(SCHEMA)
    respell(connection)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def replace_source(path: Path, name: str, kind: str, rows: Iterable[AddressRow]) -> int:
    """Puts the rows of one file into the store, in place of what a file of that name left before.

    One transaction: readers see the old rows or all the new ones. Returns how many rows were stored.
    """
    with closing(connect(path)) as connection, transaction(connection):
        for statement in FORGET:
            connection.execute(statement, [name])
        source = connection.execute(ADD_SOURCE, [name, kind]).fetchone()[0]
        count = _stage(connection, source, rows)
        _pack(connection, source)
        connection.execute("UPDATE sources SET rows = ? WHERE id = ?", [count, source])
    return count


def replace_areas(path: Path, name: str, kind: str, areas: Iterable[tuple[str, bytes]]) -> int:
    """Puts the places of ZIP codes (packed longitude, latitude, weight) in place of all that the kind had."""
    with closing(connect(path)) as connection, transaction(connection):
        for (before,) in connection.execute("SELECT name FROM sources WHERE kind = ?", [kind]).fetchall():
            for statement in FORGET:
                connection.execute(statement, [before])
        source = connection.execute(ADD_SOURCE, [name, kind]).fetchone()[0]
        connection.executemany(
            "INSERT INTO samples (zip, source, places) VALUES (?, ?, ?)", ((code, source, data) for code, data in areas)
        )
        count = connection.execute("SELECT count(*) FROM samples WHERE source = ?", [source]).fetchone()[0]
        connection.execute("UPDATE sources SET rows = ? WHERE id = ?", [count, source])
    return int(count)


def _stage(connection: sqlite3.Connection, source: int, rows: Iterable[AddressRow]) -> int:
    """Rows to a plain table, to be packed street by street in sorted order; their places to `samples`."""
    connection.execute("DROP TABLE IF EXISTS staged")
    connection.execute("CREATE TABLE staged (key, zip, city, state, core, name, piece, line)")
    places: dict[str, array[float]] = {}
    counted: Counter[str] = Counter()

    def staged() -> Iterator[tuple[str, str, str, str, str, str, str, bytes]]:
        for row in rows:
            counted["rows"] += 1
            for place in row.samples():
                places.setdefault(row.zip, array("d")).extend(place)
                counted["buffered"] += 1
            if counted["buffered"] > BUFFERED:
                _flush(connection, source, places)
                counted["buffered"] = 0
            key, core = street(row.street)
            piece = json.dumps(row.entry, separators=(",", ":"))
            yield key, row.zip, row.city.lower(), row.state.lower(), core, row.street, piece, packed(row.line)

    connection.executemany("INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?, ?, ?)", staged())
    _flush(connection, source, places)
    return counted["rows"]


def _flush(connection: sqlite3.Connection, source: int, places: dict[str, "array[float]"]) -> None:
    connection.executemany(
        "INSERT INTO samples (zip, source, places) VALUES (?, ?, ?)",
        [(zip_code, source, data.tobytes()) for zip_code, data in places.items() if zip_code],
    )
    places.clear()


def _pack(connection: sqlite3.Connection, source: int) -> None:
    """One row for each street from its staged pieces."""
    read = connection.execute("SELECT * FROM staged ORDER BY key, zip, city")

    def streets() -> Iterator[tuple[object, ...]]:
        current: tuple[str, str, str] | None = None
        head: tuple[object, ...] = ()
        pieces: list[str] = []
        lines = bytearray()
        for key, zip_code, city, state, core, name, piece, line in read:
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


def entry_of(values: list[object]) -> Range | HouseNumber:
    """The piece of a street from its JSON."""
    return HouseNumber(*values) if len(values) <= len(HouseNumber._fields) else Range(*values)  # type: ignore[arg-type]
