"""ZIP codes to districts with shares: over the houses of loaded addresses, else over the area of the ZIP code, else as
a published table lists them; never over the voter roll.
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
# The kind of a source whose places stand for area and not for houses.
AREAS: Final = "zcta"
# Where the counts of each basis lie, the better one first.
COUNTED: Final[dict[Basis, str]] = {"houses": "shares", "area": "area_shares"}


@dataclass(frozen=True)
class ZipShares:
    """The divisions of one ZIP code by their ids, the largest share (0 to 1) first, and what the shares are of.

    A list without shares has None for each.
    """

    basis: Basis
    shares: dict[str, float | None]


def refresh_shares(vintage: Vintage) -> None:
    """Counts the houses and the area of every ZIP code by district of one vintage, in place of older counts."""
    opened = OpenVintage(vintage.path)
    with closing(connect(addresses_file())) as connection:
        for basis, table in COUNTED.items():
            counted = [
                (vintage.folder, zip_code, opened.ids[number], weight)
                for zip_code, places in _places_by_zip(connection, areas=basis == "area")
                for number, weight in _weights(opened, places)
            ]
            with transaction(connection):
                connection.execute(f"DELETE FROM {table} WHERE vintage = ?", [vintage.folder])  # noqa: S608 - our words
                connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", counted)  # noqa: S608 - our words


def _places_by_zip(connection: sqlite3.Connection, *, areas: bool) -> Iterator[tuple[str, np.ndarray]]:
    rows = connection.execute(
        "SELECT zip, places FROM samples WHERE (source IN (SELECT id FROM sources WHERE kind = ?)) = ? ORDER BY zip",
        [AREAS, areas],
    )
    for zip_code, parts in groupby(rows, key=lambda row: row[0]):
        places = array("d")
        for _, data in parts:
            places.frombytes(data)
        yield zip_code, np.frombuffer(places).reshape(-1, 3)


def _weights(opened: OpenVintage, places: np.ndarray) -> list[tuple[int, float]]:
    """How much of the places lies in each division, by its number; what is outside all divisions is left out."""
    place, number = opened.cells.pairs(places[:, 0].copy(), places[:, 1].copy())
    numbers, inverse = np.unique(number, return_inverse=True)
    weights = np.bincount(inverse, weights=places[place, 2], minlength=len(numbers))
    return list(zip(numbers.tolist(), weights.tolist(), strict=True))


def shares_of(zip_code: str, vintages: Iterable[Vintage]) -> dict[str, ZipShares]:
    """By vintage folder: the divisions of the ZIP code, on the best basis there is."""
    found: dict[str, ZipShares] = {}
    with closing(connect(addresses_file())) as connection:
        for vintage in vintages:
            shares = _counted(connection, zip_code, vintage) or _listed(connection, zip_code, vintage)
            if shares:
                found[vintage.folder] = shares
    return found


def _counted(connection: sqlite3.Connection, zip_code: str, vintage: Vintage) -> ZipShares | None:
    for basis, table in COUNTED.items():
        rows = connection.execute(
            f"SELECT division, houses FROM {table} WHERE zip = ? AND vintage = ? ORDER BY houses DESC, division",  # noqa: S608 - our words
            [zip_code, vintage.folder],
        ).fetchall()
        if total := sum(weight for _, weight in rows):
            return ZipShares(basis, {division: weight / total for division, weight in rows})
    return None


def _listed(connection: sqlite3.Connection, zip_code: str, vintage: Vintage) -> ZipShares | None:
    rows = connection.execute(
        "SELECT division, weight FROM zip_lists WHERE zip = ? AND layer = ? AND vintage = ? "
        "ORDER BY weight DESC, division",
        [zip_code, vintage.layer, vintage.name],
    ).fetchall()
    total = sum(weight or 0 for _, weight in rows)
    shares = {division: weight / total if total and weight is not None else None for division, weight in rows}
    return ZipShares("list", shares) if rows else None


def replace_list(layer: str, vintage: str, rows: Iterable[tuple[str, str, float | None]]) -> None:
    """Puts a table of (ZIP code, division, weight) in place of the one that a vintage had."""
    with closing(connect(addresses_file())) as connection, transaction(connection):
        connection.execute("DELETE FROM zip_lists WHERE layer = ? AND vintage = ?", [layer, vintage])
        connection.executemany(
            "INSERT OR REPLACE INTO zip_lists VALUES (?, ?, ?, ?, ?)", ((layer, vintage, *row) for row in rows)
        )


def forget_shares(folders: list[str]) -> None:
    """Drops the counts of vintages that are gone."""
    with closing(connect(addresses_file())) as connection:
        for table in COUNTED.values():
            connection.executemany(f"DELETE FROM {table} WHERE vintage = ?", [[folder] for folder in folders])  # noqa: S608 - our words
