"""Recognizes columns by their values, for want of a header: emails, phones, ZIP codes, states, streets, dates, names.

A guess that the owner sees in the preview, with every column open to correction.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from apps.matching.normalize.characters import fold
from apps.matching.normalize.date_columns.forms import NULL, SERIAL, UNREAD, YEAR, written
from apps.matching.normalize.nicknames import related

from .cleaning import EMAIL
from .phones import read_phones
from .states import STATE_CODES
from .text import unwrap_formula

SAMPLE_ROWS: Final = 100
MOST: Final = 0.8  # share of the filled cells that must fit
GIVEN_NAMES: Final = 0.3  # share of a column's first words that are common given names, at least
_ZIP: Final = re.compile(r"\d{5}(?:-\d{4})?|\d{5}\.0")
_STREET: Final = re.compile(r"[NSEW]?\d+[A-Z]?(?:-\d+)? .*[^\W\d].*|P\.? ?O\.? BOX .*|RR \d+ .*")
_TEXT: Final = re.compile(r"[^\W\d_][^\d@]*")
_STATES: Final = frozenset(STATE_CODES.values())


def _is_phone(text: str) -> bool:
    numbers, _dropped = read_phones(text)
    return any(number.startswith("+") for number in numbers) and sum(sign.isdigit() for sign in text) >= 10


def _is_state(text: str) -> bool:
    return text.upper().replace(".", "") in _STATES or text.casefold() in STATE_CODES


def _is_date(text: str) -> bool:
    return written(text).form not in (NULL, UNREAD, YEAR, SERIAL)


def _is_text(text: str) -> bool:
    return _TEXT.fullmatch(text) is not None


# In order: a birth year is a number as well, and so is a ZIP code.
_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "email": lambda text: EMAIL.search(text) is not None,
    "birthday": _is_date,
    "birth_year": lambda text: re.fullmatch(r"(?:19|20)\d\d", text) is not None,
    "zip": lambda text: _ZIP.fullmatch(text) is not None,
    "phone": _is_phone,
    "state": _is_state,
    "street": lambda text: _STREET.fullmatch(fold(text)) is not None,
}


def _filled(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    cells = (unwrap_formula(row[number]).strip() for row in rows if number < len(row))
    return [cell for cell in cells if cell]


def _fits(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(map(test, cells)) >= MOST * len(cells)


def holds_phones(rows: Sequence[Sequence[str]], number: int) -> bool:
    """Return whether a column's values are phone numbers."""
    return _fits(_filled(rows, number), _is_phone)


def guess_fields(rows: Sequence[Sequence[str]], width: int) -> dict[int, str]:
    """Return the fields of a table's columns by their values; none where nothing shows that the rows are people."""
    columns = {number: _filled(rows, number) for number in range(width)}
    fields: dict[int, str] = {}
    for number, cells in columns.items():
        field = next((field for field, test in _TESTS.items() if _fits(cells, test)), "")
        if field and (field in ("email", "phone") or field not in fields.values()):
            fields[number] = field
    texts = [number for number, cells in columns.items() if number not in fields and _fits(cells, _is_text)]
    fields |= _guess_names(columns, texts, fields)
    is_of_people = {"email", "phone"} & set(fields.values()) or any(
        _given_share(columns[number]) >= GIVEN_NAMES for number, field in fields.items() if field in ("first", "full")
    )
    return fields if is_of_people else {}


def _guess_names(columns: Mapping[int, Sequence[str]], texts: list[int], fields: Mapping[int, str]) -> dict[int, str]:
    """Return the fields of columns of words: city in front of state or ZIP code, then the names."""
    guessed: dict[int, str] = {}
    places = [number for number, field in fields.items() if field in ("state", "zip")]
    streets = [number for number, field in fields.items() if field == "street"]
    if places and min(places) - 1 in texts and (len(texts) > 1 or min(places) - 1 in {n + 1 for n in streets}):
        guessed[min(places) - 1] = "city"
    names = [number for number in texts if number not in guessed]
    if not names:
        return guessed
    words = {number: _average_words(columns[number]) for number in names}
    if words[names[0]] >= 1.7 or len(names) == 1:
        return guessed | {names[0]: "full"}
    pair = names[:2]
    if len(names) > 2 and names[1] == names[0] + 1 and all(len(cell.strip(".")) == 1 for cell in columns[names[1]]):
        guessed[names[1]] = "middle"
        pair = [names[0], names[2]]
    shares = [_given_share(columns[number]) for number in pair]
    first, last = pair if shares[0] >= shares[1] else reversed(pair)
    return guessed | {first: "first", last: "last"}


def _average_words(cells: Sequence[str]) -> float:
    return sum(len(cell.split()) for cell in cells) / len(cells)


def _given_share(cells: Sequence[str]) -> float:
    words = [(fold(cell).split() or [""])[0] for cell in cells]
    return sum(bool(related(word)) for word in words) / len(words) if words else 0.0
