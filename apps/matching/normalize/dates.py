"""Parse birth dates as people write them."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from apps.matching.errors import DateError
from apps.matching.normalize.text import fold

OLDEST = 1900  # rolls use 1800-01-01 and 1900-01-01 for unknown dates


class Birth(NamedTuple):
    """A birth date, or only a year (month and day 0), or nothing (year 0)."""

    year: int = 0
    month: int = 0
    day: int = 0


NOTHING = Birth()
# English and Spanish, by their first three letters.
_MONTH_NAMES = (
    "JAN ENE",
    "FEB",
    "MAR",
    "APR ABR",
    "MAY",
    "JUN",
    "JUL",
    "AUG AGO",
    "SEP",
    "OCT",
    "NOV",
    "DEC DIC",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FILLER = frozenset({"DE", "DEL", "OF", "THE", "ST", "ND", "RD", "TH"})
_PIECES = re.compile(r"\d+|[A-Z]+")


def parse(text: str, today: date | None = None) -> Birth:
    """Return the birth date in `text`: ISO, `3/14/1984`, `14 Mar 1984`, `March 14, 1984`, `1984`.

    The month precedes the day, as in the United States, unless only the other order is a date. Empty text is no date.
    Raises DateError with a message key; a year of two digits is never completed by guessing.
    """
    if not text.strip():
        return NOTHING
    year, month, day = _read(fold(text))
    return _checked(year, month, day, today or date.today())  # noqa: DTZ011 - a birth date has no time zone


@lru_cache(200_000)
def lenient(dob: str, birth_year: str = "") -> Birth:
    """Return the birth parts for matching: an unusable date or a placeholder counts as missing."""
    for text in (dob, birth_year):
        try:
            birth = parse(text)
        except DateError:
            continue
        if birth.year > OLDEST:
            return birth
    return NOTHING


def _read(text: str) -> tuple[int, int, int]:
    """Return year, month and day as numbers, unchecked."""
    if found := _ISO.fullmatch(text.strip()) or _COMPACT.fullmatch(text.strip()):
        year, month, day = (int(x) for x in found.groups())
        return year, month, day
    pieces = [p for p in _PIECES.findall(text) if p not in _FILLER]
    names = [_MONTHS[p[:3]] for p in pieces if p.isalpha() and p[:3] in _MONTHS]
    numbers = [p for p in pieces if p.isdigit()]
    if len(pieces) != len(names) + len(numbers) or len(names) > 1 or len(pieces) > 3:
        raise DateError("date.unreadable")
    return _order(names, numbers)


def _order(names: list[int], numbers: list[str]) -> tuple[int, int, int]:
    """Determine which number is the year, and order the rest."""
    years = [i for i, n in enumerate(numbers) if len(n) == 4]
    if len(years) != 1:
        short = len(names) + len(numbers) == 3 and all(len(n) <= 2 for n in numbers)
        raise DateError("date.century" if short and not years else "date.unreadable")
    year = int(numbers[years[0]])
    rest = [int(n) for i, n in enumerate(numbers) if i != years[0]]
    if names:
        return year, names[0], rest[0] if rest else 0
    if len(rest) == 2:
        month, day = rest
        return (year, day, month) if month > 12 >= day else (year, month, day)
    return year, rest[0] if rest else 0, 0


def _checked(year: int, month: int, day: int, today: date) -> Birth:
    if not (month and day):
        # A year and a month alone are compared as a year: no roll has dates of that form.
        if month > 12:
            raise DateError("date.impossible")
        month = day = 0
    try:
        stated = date(year, month or 1, day or 1)
    except ValueError:
        raise DateError("date.impossible") from None
    if stated > today:
        raise DateError("date.future")
    if year < OLDEST:
        raise DateError("date.too_old")
    return Birth(year, month, day)
