"""Queries about synthetic voters, as a person or a CSV for `verify_people`."""

import csv
from pathlib import Path

from apps.matching import TypedPerson

COLUMNS = ("query_id", "first_name", "last_name", "dob", "address", "city", "state", "zip")


def query_of(row: dict[str, str]) -> TypedPerson:
    """Return the query that the voter of a row would enter."""
    return TypedPerson(**{name: row[name] for name in COLUMNS[1:]})


def write_queries(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as input of `verify_people`, with the ids q0, q1, …"""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({"query_id": f"q{n}"} | row for n, row in enumerate(rows))
    return path
