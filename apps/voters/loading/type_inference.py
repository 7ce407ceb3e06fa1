"""Infer a column's value type (dates, a mask, numbers, text), to detect changes. Stores no value."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from apps.matching.normalize.date_columns.forms import UNREAD, written

SAMPLE_ROWS: Final = 2_000
MIN_ROWS: Final = 20  # before a column is reported
MAJORITY_SHARE: Final = 0.9  # of the filled cells
EMPTY_SHARE: Final = 0.01  # of all cells; below, a column counts as empty
_DATE: Final = re.compile(r"\d{1,4}([-/. ])(\d{1,2}|[A-Z]{3})\1\d{1,4}([ T][\d:.]+( ?[AP]M)?)?\Z")
_MASK: Final = re.compile(r"[X#*]+([-/ ][X#*]+)*\Z")
_NUMBER: Final = re.compile(r"[\d .,+-]*\d[\d .,+-]*\Z")
EMPTY, DATES, MASKED, NUMBERS, TEXT = "nothing", "dates", "a mask", "numbers", "text"
# The value types of a field; any other type means that the header does not match the columns.
ALLOWED_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "first_name": frozenset({EMPTY, TEXT, MASKED}),
    "last_name": frozenset({TEXT, MASKED}),
    "city": frozenset({EMPTY, TEXT, MASKED}),
    "zip": frozenset({EMPTY, NUMBERS, MASKED}),
    "dob": frozenset({EMPTY, DATES, NUMBERS, MASKED}),
    "birth_year": frozenset({EMPTY, NUMBERS, MASKED, DATES}),
}


def infer_type(cells: Iterable[str]) -> str:
    """Return the value type of most of a column's cells."""
    stripped = [cell.strip() for cell in cells]
    filled = [cell for cell in stripped if cell]
    if len(filled) <= EMPTY_SHARE * len(stripped):
        return EMPTY
    for name, pattern in ((DATES, _DATE), (MASKED, _MASK), (NUMBERS, _NUMBER)):
        if sum(bool(pattern.match(cell.upper())) for cell in filled) >= MAJORITY_SHARE * len(filled):
            return name
    return TEXT


def infer_types(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the value type of each named column, from its first rows."""
    columns = zip(*rows[:SAMPLE_ROWS], strict=True)
    return {name: infer_type(column) for name, column in zip(header, columns, strict=False) if name}


def describe_misfits(cells_by_field: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a phrase for each field whose cells have a type that it cannot have."""
    misfits = []
    for name, cells in cells_by_field.items():
        value_type = infer_type(cells[:SAMPLE_ROWS]) if cells else EMPTY
        if name in ("dob", "birth_year") and value_type == TEXT and _are_dates(cells[:SAMPLE_ROWS]):
            continue
        if name in ALLOWED_TYPES and value_type not in ALLOWED_TYPES[name] and (value_type != EMPTY or any(cells)):
            misfits.append(f"{name} holds {value_type}")
    return misfits


def _are_dates(cells: Sequence[str]) -> bool:
    """Return whether most cells are a date in any form, such as March 14, 1984."""
    return sum(written(cell).form != UNREAD for cell in cells) >= MAJORITY_SHARE * len(cells)
