"""Districts of ZIP codes with shares: of the houses of loaded addresses, or else the ZIP code's area, or else a table.

Never uses voter rolls.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

import numpy as np

from .addresses.store import connect, transaction
from .models import Vintage, addresses_file
from .vintage_files import OpenVintage

Basis = Literal["houses", "area", "list"]
# The kind of source whose points represent area instead of houses.
AREA_SOURCE_KIND: Final = "zcta"
# The table of counts of each basis, the better one first.
COUNT_TABLES: Final[dict[Basis, str]] = {"houses": "shares", "area": "area_shares"}


@dataclass(frozen=True)
class ZipShares:
    """The divisions of one ZIP code by OCD id, largest share (0 to 1) first, and the basis of the shares.

    A list without shares has None for each division.
    """

    basis: Basis
    shares: dict[str, float | None]


def refresh_shares(vintage: Vintage) -> None:
    """Recount the houses and the area of every ZIP code by district of one vintage."""
    open_vintage = OpenVintage(vintage.path)
    with closing(connect(addresses_file())) as connection:
        for basis, table in COUNT_TABLES.items():
            counted = [
                (vintage.folder, zip_code, open_vintage.ids[number], weight)
                for zip_code, points in _places_by_zip(connection, areas=basis == "area")
                for number, weight in _weights(open_vintage, points)
            ]
            with transaction(connection):
                connection.execute(f"DELETE FROM {table} WHERE vintage = ?", [vintage.folder])  # noqa: S608 - our words
                connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", counted)  # noqa: S608 - our words


def _places_by_zip(connection: sqlite3.Connection, *, areas: bool) -> Iterator[tuple[str, np.ndarray]]:
    rows = connection.execute(
        "SELECT zip, places FROM samples WHERE (source IN (SELECT id FROM sources WHERE kind = ?)) = ? ORDER BY zip",
        [AREA_SOURCE_KIND, areas],
    )
    for zip_code, parts in groupby(rows, key=lambda row: row[0]):
        points = array("d")
        for _, data in parts:
            points.frombytes(data)
        yield zip_code, np.frombuffer(points).reshape(-1, 3)


def _weights(open_vintage: OpenVintage, points: np.ndarray) -> list[tuple[int, float]]:
    """Return the weight of the points in each division by number, without points outside all divisions."""
    place, number = open_vintage.cells.pairs(points[:, 0].copy(), points[:, 1].copy())
    numbers, inverse = np.unique(number, return_inverse=True)
    weights = np.bincount(inverse, weights=points[place, 2], minlength=len(numbers))
    return list(zip(numbers.tolist(), weights.tolist(), strict=True))


def zip_shares(zip_code: str, vintages: Iterable[Vintage]) -> dict[str, ZipShares]:
    """Return the divisions of a ZIP code by vintage folder, on the best available basis."""
    shares_by_folder: dict[str, ZipShares] = {}
    with closing(connect(addresses_file())) as connection:
        for vintage in vintages:
            shares = _shares_by_count(connection, zip_code, vintage) or _shares_by_list(connection, zip_code, vintage)
            if shares:
                shares_by_folder[vintage.folder] = shares
    return shares_by_folder


def _shares_by_count(connection: sqlite3.Connection, zip_code: str, vintage: Vintage) -> ZipShares | None:
    for basis, table in COUNT_TABLES.items():
        rows = connection.execute(
            f"SELECT division, houses FROM {table} WHERE zip = ? AND vintage = ? ORDER BY houses DESC, division",  # noqa: S608 - our words
            [zip_code, vintage.folder],
        ).fetchall()
        if total := sum(weight for _, weight in rows):
            return ZipShares(basis, {division: weight / total for division, weight in rows})
    return None


def _shares_by_list(connection: sqlite3.Connection, zip_code: str, vintage: Vintage) -> ZipShares | None:
    rows = connection.execute(
        "SELECT division, weight FROM zip_lists WHERE zip = ? AND layer = ? AND vintage = ? "
        "ORDER BY weight DESC, division",
        [zip_code, vintage.layer, vintage.name],
    ).fetchall()
    total = sum(weight or 0 for _, weight in rows)
    shares = {division: weight / total if total and weight is not None else None for division, weight in rows}
    return ZipShares("list", shares) if rows else None


def replace_list(layer: str, vintage: str, rows: Iterable[tuple[str, str, float | None]]) -> None:
    """Replace a vintage's table of (ZIP code, division, weight)."""
    with closing(connect(addresses_file())) as connection, transaction(connection):
        connection.execute("DELETE FROM zip_lists WHERE layer = ? AND vintage = ?", [layer, vintage])
        connection.executemany(
            "INSERT OR REPLACE INTO zip_lists VALUES (?, ?, ?, ?, ?)", ((layer, vintage, *row) for row in rows)
        )


def delete_shares(folders: list[str]) -> None:
    """Delete the counts of removed vintages."""
    with closing(connect(addresses_file())) as connection:
        for table in COUNT_TABLES.values():
            connection.executemany(f"DELETE FROM {table} WHERE vintage = ?", [[folder] for folder in folders])  # noqa: S608 - our words
