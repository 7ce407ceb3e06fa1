"""A CSV file of points to a CSV file of districts, in portions, so that any size fits into memory."""

import csv
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from apps.core.commands import atomic_output
from apps.core.errors import BadInput, Refused

from .lookup import Batch, lookup_many, vintages_on

PORTION = 100_000
COLUMNS = ("id", "lon", "lat")


def lookup_file(*, source: Path, target: str, on: date | None = None) -> dict[str, Any]:
    """Writes id and one column a layer for every row of a file with id, lon and lat.

    Rows whose coordinates are no place on Earth get empty columns and are counted as bad; of those outside all lines
    the ones that would lie inside with lon and lat swapped are counted once more. Returns the counts.
    Raises BadInput for a file that cannot be read (naming the line), Refused when no boundaries are in force
    on the day.
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
        while portion := list(islice(rows, PORTION)):
            writer.writerows(_answers(portion, layers, on, counts))
    return counts | {"layers": {layer: str(vintages[layer].name) for layer in layers}}


def _rows(source: Path) -> Iterator[tuple[str, float, float]]:
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            missing = [name for name in COLUMNS if name not in header]
            if missing:
                raise BadInput(f"{source.name} lacks the column {missing[0]!r}; it needs id, lon and lat.")
            places = [header.index(name) for name in COLUMNS]
            for row in reader:
                if row:
                    values = [row[place] if place < len(row) else "" for place in places]
                    yield values[0], _number(values[1]), _number(values[2])
        except (UnicodeDecodeError, csv.Error) as error:
            raise BadInput(f"{source.name}, line {reader.line_num + 1}: no UTF-8 CSV text ({error}).") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _answers(
    portion: list[tuple[str, float, float]], layers: list[str], on: date | None, counts: dict[str, int]
) -> Iterator[tuple[str, ...]]:
    lon, lat = np.array([row[1] for row in portion]), np.array([row[2] for row in portion])
    found = lookup_many(lon, lat, on)
    hit = np.zeros(len(portion), bool)
    for layer in layers:
        hit[found[layer].points] = True
    bad = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    for name, count in (
        ("read", len(portion)),
        ("found", hit.sum()),
        ("bad", bad.sum()),
        ("outside", (~hit & ~bad).sum()),
        ("swapped", _swapped(lon[~hit], lat[~hit], on)),
    ):
        counts[name] += int(count)
    columns = [_column(found[layer], len(portion)) for layer in layers]
    return zip((row[0] for row in portion), *columns, strict=True)


def _swapped(lon: np.ndarray, lat: np.ndarray, on: date | None) -> int:
    """How many points lie inside something with their numbers the other way round."""
    inside = [batch.points for batch in lookup_many(lat, lon, on).values()]
    return len(np.unique(np.concatenate(inside)))


def _column(batch: Batch, length: int) -> list[str]:
    column = [""] * length
    for point, division in zip(batch.points.tolist(), batch.divisions.tolist(), strict=True):
        each = batch.ids[division]
        column[point] = f"{column[point]}|{each}" if column[point] else each
    return column
