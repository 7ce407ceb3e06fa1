"""What attackers know: names, the public address file, and frequencies. And the truth, which judges them."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Final

Row = dict[str, str]
FINDABLE: Final = {"active", "inactive"}


@dataclass(frozen=True)
class World:
    """The voters of a made-up state. `full_dates` says whether its roll has birth dates or years only."""

    rows: list[Row]
    protected: list[Row]
    full_dates: bool
    seed: int

    @classmethod
    def read(cls, roll: Path, seed: int) -> "World":
        """Read a roll in the generic layout."""
        with roll.open(encoding="utf-8", newline="") as file:
            everybody = list(csv.DictReader(file))
        rows = [row for row in everybody if row["status"] in FINDABLE]
        protected = [row for row in everybody if row["status"] == "confidential" and row["address"] and born(row)]
        return cls(rows, protected, any(row["dob"] for row in rows), seed)

    @property
    def roll(self) -> str:
        """Return how the table names the roll."""
        return "full dates" if self.full_dates else "years only"

    def targets(self, number: int, salt: str) -> list[Row]:
        """Return voters with a street address and a birth date as the roll has them, different ones for each salt."""
        usable = [row for row in self.rows if row["address"][:1].isdigit() and born(row)]
        return Random(f"{self.seed}{salt}").sample(usable, min(number, len(usable)))

    def common(self, column: str) -> list[str]:
        """Return the values of a column, the commonest first."""
        return [value for value, _number in Counter(value_of(row, column) for row in self.rows).most_common() if value]

    @cached_property
    def residents(self) -> dict[str, list[Row]]:
        """Return the voters of each ZIP code."""
        return _by(self.rows, "zip")

    @cached_property
    def of_city(self) -> dict[str, list[Row]]:
        """Return the voters of each city."""
        return _by(self.rows, "city")

    @cached_property
    def doors(self) -> list[Row]:
        """Return one voter of each door of the address file, those of most voters first."""
        return _doors(self.rows)

    @cached_property
    def doors_of_zip(self) -> dict[str, list[Row]]:
        """Return the doors of each ZIP code."""
        return {zip_code: _doors(rows) for zip_code, rows in self.residents.items()}

    @cached_property
    def doors_of_city(self) -> dict[str, list[Row]]:
        """Return the doors of each city."""
        return {city: _doors(rows) for city, rows in self.of_city.items()}


def born(row: Row) -> str:
    """Return the birth date as the roll has it: a date, else a year."""
    return row["dob"] or row["birth_year"]


def value_of(row: Row, column: str) -> str:
    """Return a column of a row; `born` is the birth date as the roll has it, `year` its year."""
    if column == "born":
        return born(row)
    return born(row)[:4] if column == "year" else row[column]


def door_of(row: Row) -> tuple[str, str]:
    """Return what names a door."""
    return row["address"], row["zip"]


def guessed(targets: Iterable[Row], column: str, guesses: Iterable[str]) -> list[bool]:
    """Return which of the targets the guesses get right."""
    known = set(guesses)
    return [value_of(row, column) in known for row in targets]


def without_days(roll: Path) -> None:
    """Replace each birth date of a roll by its year."""
    with roll.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with roll.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"birth_year": born(row)[:4], "dob": ""} for row in rows)


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return dict(found)


def _doors(rows: Iterable[Row]) -> list[Row]:
    first: dict[tuple[str, str], Row] = {}
    numbers: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row["address"][:1].isdigit():
            first.setdefault(door_of(row), row)
            numbers[door_of(row)] += 1
    return [first[door] for door, _number in numbers.most_common()]
