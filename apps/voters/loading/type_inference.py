"""What kind of values a column holds: dates, a mask, numbers, text. Told when it changes; no value is kept."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

SAMPLE_ROWS: Final = 2_000
MIN_ROWS: Final = 20  # rows, before a column is said to hold the wrong thing
MAJORITY_SHARE: Final = 0.9  # of the filled cells
EMPTY_SHARE: Final = 0.01  # of all cells: below, a column counts as empty
_DATE: Final = re.compile(r"\d{1,4}([-/])\d{1,2}\1\d{1,4}( [\d:.]+)?\Z")
_MASK: Final = re.compile(r"[X#*]+([-/ ][X#*]+)*\Z")
_NUMBER: Final = re.compile(r"[\d .,+-]*\d[\d .,+-]*\Z")
EMPTY, DATES, MASKED, NUMBERS, TEXT = "nothing", "dates", "a mask", "numbers", "text"
# What a field may hold; anything else means that the header does not fit the columns under it.
ALLOWED_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "first_name": frozenset({EMPTY, TEXT, MASKED}),
    "last_name": frozenset({TEXT, MASKED}),
    "city": frozenset({EMPTY, TEXT, MASKED}),
    "zip": frozenset({EMPTY, NUMBERS, MASKED}),
    "dob": frozenset({EMPTY, DATES, NUMBERS, MASKED}),
    "birth_year": frozenset({EMPTY, NUMBERS, MASKED, DATES}),
}


def infer_type(cells: Iterable[str]) -> str:
    """Return the kind of most of a column's cells."""
    every = [cell.strip() for cell in cells]
    filled = [cell for cell in every if cell]
    if len(filled) <= EMPTY_SHARE * len(every):
        return EMPTY
    for name, pattern in ((DATES, _DATE), (MASKED, _MASK), (NUMBERS, _NUMBER)):
        if sum(bool(pattern.match(cell.upper())) for cell in filled) >= MAJORITY_SHARE * len(filled):
            return name
    return TEXT


def infer_types(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the kind of each named column, by its first rows."""
    columns = zip(*rows[:SAMPLE_ROWS], strict=True)
    return {name: infer_type(column) for name, column in zip(header, columns, strict=False) if name}


def describe_misfits(read: Mapping[str, Sequence[str]]) -> list[str]:
    """Say which fields hold what they cannot be; `read` has the cells of each field."""
    words = []
    for name, cells in read.items():
        found = infer_type(cells[:SAMPLE_ROWS]) if cells else EMPTY
        if name in ALLOWED_TYPES and found not in ALLOWED_TYPES[name] and (found != EMPTY or any(cells)):
            words.append(f"{name} holds {found}")
    return words
