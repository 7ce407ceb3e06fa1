"""Writing the contact files."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from apps.madeup.contacts import google
from apps.madeup.contacts.mix import make_book
from apps.madeup.sample import Person


def write_csv(
    path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]], *, encoding: str = "utf-8",
    delimiter: str = ",", end: str = "\r\n",
) -> int:  # fmt: skip
    """Write rows under a header; missing values are empty."""
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.DictWriter(file, list(columns), restval="", delimiter=delimiter, lineterminator=end)
        out.writeheader()
        out.writerows(rows)
    return len(rows)


def write_contacts(on_roll: Sequence[Person], rows: int, seed: int, folder: Path) -> dict[str, int]:
    """Write every dialect; return the rows of each file."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng([seed, 8])
    book = make_book(on_roll, rows, rng)
    return {
        "google_new.csv": write_csv(
            folder / "google_new.csv", google.NEW_COLUMNS, google.new_rows(book), encoding="utf-8-sig"
        ),
    }
