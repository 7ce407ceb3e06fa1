"""Look up a CSV file of points and write a CSV file of districts, in batches that fit into memory."""

import csv
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from apps.core.commands import atomic_output
from apps.core.errors import BadInput, Refused

from .lookup import PointBatch, lookup_many, vintages_on

BATCH_ROWS = 100_000
REQUIRED_COLUMNS = ("id", "lon", "lat")


def lookup_file(*, source: Path, target: str, on: date | None = None) -> dict[str, Any]:
    """Write id and a column per layer for every row of a file with id, lon and lat; return the counts.

    Rows with invalid coordinates get empty columns and count as bad. Rows outside all boundaries that would be inside
    with lon and lat swapped also count as swapped. Raises BadInput that names the line of an invalid file, Refused if
    no boundaries are in force on the date.
    """
    vintages = vintages_on(on)
    if not vintages:
        raise Refused(f"No boundaries are loaded{f' for {on}' if on else ''}: load some with load_boundaries.")
    layers = sorted(vintages)
    counts = {"read": 0, "found": 0, "outside": 0, "swapped": 0, "bad": 0}
    with atomic_output(target) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *layers])
        rows = _rows(source)
        while batch_rows := list(islice(rows, BATCH_ROWS)):
            writer.writerows(_result_rows(batch_rows, layers, on, counts))
    return counts | {"layers": {layer: str(vintages[layer].name) for layer in layers}}


def _rows(source: Path) -> Iterator[tuple[str, float, float]]:
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            missing = [name for name in REQUIRED_COLUMNS if name not in header]
            if missing:
                raise BadInput(f"{source.name} lacks the column {missing[0]!r}; it needs id, lon and lat.")
            positions = [header.index(name) for name in REQUIRED_COLUMNS]
            for row in reader:
                if row:
                    values = [row[position] if position < len(row) else "" for position in positions]
                    yield values[0], _number(values[1]), _number(values[2])
        except (UnicodeDecodeError, csv.Error) as error:
            raise BadInput(f"{source.name}, line {reader.line_num + 1}: not UTF-8 CSV text ({error}).") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _result_rows(
    batch_rows: list[tuple[str, float, float]], layers: list[str], on: date | None, counts: dict[str, int]
) -> Iterator[tuple[str, ...]]:
    lon, lat = np.array([row[1] for row in batch_rows]), np.array([row[2] for row in batch_rows])
    found = lookup_many(lon, lat, on)
    hit = np.zeros(len(batch_rows), bool)
    for layer in layers:
        hit[found[layer].points] = True
    bad = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    for name, count in (
        ("read", len(batch_rows)),
        ("found", hit.sum()),
        ("bad", bad.sum()),
        ("outside", (~hit & ~bad).sum()),
        ("swapped", _count_swapped(lon[~hit], lat[~hit], on)),
    ):
        counts[name] += int(count)
    columns = [_column(found[layer], len(batch_rows)) for layer in layers]
    return zip((row[0] for row in batch_rows), *columns, strict=True)


def _count_swapped(lon: np.ndarray, lat: np.ndarray, on: date | None) -> int:
    """Return how many points are inside a division with lon and lat swapped."""
    inside = [batch.points for batch in lookup_many(lat, lon, on).values()]
    return len(np.unique(np.concatenate(inside)))


def _column(batch: PointBatch, length: int) -> list[str]:
    column = [""] * length
    for point, division in zip(batch.points.tolist(), batch.divisions.tolist(), strict=True):
        ocd_id = batch.ids[division]
        column[point] = f"{column[point]}|{ocd_id}" if column[point] else ocd_id
    return column
