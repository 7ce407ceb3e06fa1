"""ZIP codes to districts with shares, counted over the places of the loaded addresses; never over the voter
roll.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby

import numpy as np

from .addresses.store import connect, transaction
from .models import Vintage, addresses_file
from .opened import OpenVintage


def refresh_shares(vintage: Vintage) -> None:
    """Counts the houses of every ZIP code by district of one vintage, and puts the counts in place of older
    ones.
    """
    opened = OpenVintage(vintage.path)
    with closing(connect(addresses_file())) as connection:
        rows = (
            (vintage.folder, zip_code, opened.ids[number], houses)
            for zip_code, places in _places_by_zip(connection)
            for number, houses in _houses(opened, places)
        )
        counted = list(rows)
        with transaction(connection):
            connection.execute("DELETE FROM shares WHERE vintage = ?", [vintage.folder])
            connection.executemany("INSERT INTO shares VALUES (?, ?, ?, ?)", counted)


def _places_by_zip(connection: sqlite3.Connection) -> Iterator[tuple[str, np.ndarray]]:
    rows = connection.execute("SELECT zip, places FROM samples ORDER BY zip")
    for zip_code, parts in groupby(rows, key=lambda row: row[0]):
        places = array("d")
        for _, data in parts:
            places.frombytes(data)
        yield zip_code, np.frombuffer(places).reshape(-1, 3)


def _houses(opened: OpenVintage, places: np.ndarray) -> list[tuple[int, float]]:
    """How many houses lie in each division, by its number; houses outside all divisions are left out."""
    place, number = opened.cells.pairs(places[:, 0].copy(), places[:, 1].copy())
    numbers, inverse = np.unique(number, return_inverse=True)
    houses = np.bincount(inverse, weights=places[place, 2], minlength=len(numbers))
    return list(zip(numbers.tolist(), houses.tolist(), strict=True))


def shares_of(zip_code: str, folders: Iterable[str]) -> dict[str, dict[str, float]]:
    """By vintage folder: each division's share of the ZIP code's houses, 0 to 1, the largest first."""
    found: dict[str, dict[str, float]] = {}
    with closing(connect(addresses_file())) as connection:
        for folder in folders:
            rows = connection.execute(
                "SELECT division, houses FROM shares WHERE zip = ? AND vintage = ? ORDER BY houses DESC, division",
                [zip_code, folder],
            ).fetchall()
            total = sum(houses for _, houses in rows)
            if total:
                found[folder] = {division: houses / total for division, houses in rows}
    return found


def forget_shares(folders: list[str]) -> None:
    """Drops the counts of vintages that are gone."""
    with closing(connect(addresses_file())) as connection:
        connection.executemany("DELETE FROM shares WHERE vintage = ?", [[folder] for folder in folders])
