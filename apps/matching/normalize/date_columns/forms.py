"""The form of one date as written, without deciding what only its column can tell."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from apps.matching.normalize.characters import fold

NULL, UNREAD = "empty", "unread"
YEAR_FIRST, PARTS, SHORT_PARTS = "year first", "parts with year", "parts with two-digit year"
NAMED, SHORT_NAMED = "month by name", "month by name, two-digit year"
EIGHT, SIX, SERIAL = "eight digits", "six digits", "spreadsheet serial"
YEAR, MONTH_YEAR = "year alone", "month and year"
# Forms of which the column decides the order of day and month.
ORDERED: Final = (PARTS, SHORT_PARTS, EIGHT, SIX)


class Written(NamedTuple):
    """A date's form and its numbers: in the written order for the forms in ORDERED, else year, month, day."""

    form: str
    a: int = 0
    b: int = 0
    c: int = 0


_NULLS: Final = frozenset(
    (
        "",
        "-",
        "--",
        "0",
        "N/A",
        "NA",
        "NULL",
        "NONE",
        "NIL",
        "NAN",
        "NAT",
        "UNKNOWN",
        "UNK",
        "?",
        "#N/A",
        "(NULL)",
        "\\N",
    )
)
# No date in most rolls, whatever the order; 12/31/9999 ends what has no end.
_ZEROS: Final = re.compile(r"0{1,4}(?:[-/. ]0{1,2}){1,2}(?:[-/. ]?0{2,4})?|0{6,8}|9{6,8}")
_PLACEHOLDERS: Final = frozenset({(1800, 1, 1), (1900, 1, 1), (1, 1, 1), (9999, 12, 31), (1901, 1, 1)})
_MASK: Final = re.compile(r"(?:[X#*?]+[-/. ]?)+")
# A day or a month that is not known: 00/00/1984, XX/XX/1984, 1984-03-00, 03001984, 19840000.
_BLANK: Final = r"(?:0{1,2}|[X#*?]{1,2})"
_PARTIAL: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_BLANK}(?P<s>[-/. ]){_BLANK}(?P=s)(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})(?P<s>[-/. ]){_BLANK}(?P=s){_BLANK}",
        rf"(?P<m>\d{{1,2}})(?P<s>[-/. ]){_BLANK}(?P=s)(?P<y>\d{{4}})",
        rf"{_BLANK}(?P<s>[-/. ])(?P<m>\d{{1,2}})(?P=s)(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})(?P<s>[-/. ])(?P<m>\d{{1,2}})(?P=s){_BLANK}",
        r"0000(?P<y>(?:19|20)\d\d)|(?P<m>0[1-9]|1[0-2])00(?P<z>(?:19|20)\d\d)",
        r"(?P<y>(?:19|20)\d\d)(?P<m>0[0-9]|1[0-2])00",
    )
)
# Years before people who are registered today: 1604, 1753, 1800, and 1899-12-30, the zero of spreadsheets.
_PLACEHOLDER_YEARS: Final = range(1600, 1900)
_TIME: Final = re.compile(
    r"(?:[T ]+|:)\d{1,2}:\d{2}(?::\d{2}(?:[.,:]\d+)?)?\s*(?:[AP]\.?\s?M\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
    r"|T\d{2}(?:\d{2}){0,2}Z?$|\s+\d{1,2}\s*[AP]\.?M\.?$"
)
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ]\s?(\d{1,2})[-/. ]\s?(\d{1,2})")
_PARTS: Final = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4})")
_SHORT: Final = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?'?(\d{2})")
_YEAR_MONTH: Final = re.compile(r"(\d{4})[-/](\d{1,2})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{4})")
_SERIAL: Final = re.compile(r"(\d{4,5})(?:\.(\d+))?")
_WEEKDAY: Final = re.compile(
    r"^(?:MON(?:DAY)?|TUE(?:S(?:DAY)?)?|WED(?:NESDAY)?|THU(?:R(?:S(?:DAY)?)?)?|FRI(?:DAY)?|SAT(?:URDAY)?|SUN(?:DAY)?|"
    r"LUNES|MARTES|MIERCOLES|JUEVES|VIERNES|SABADO|DOMINGO)[,.]?\s+"
)
YEARS: Final = range(1900, 2100)  # any other number of four digits is a serial of before 18 May 1927
_PIECES: Final = re.compile(r"\d+|[A-Z]+")
_FILLER: Final = frozenset({"DE", "DEL", "OF", "THE", "ST", "ND", "RD", "TH"})
# English, Spanish and Portuguese, by their first three letters.
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("JAN ENE", "FEB FEV", "MAR", "APR ABR", "MAY MAI", "JUN", "JUL", "AUG AGO", "SEP SET", "OCT OUT", "NOV",
         "DEC DIC DEZ"), 1,
    )
    for name in names.split()
}  # fmt: skip


@lru_cache(100_000)
def written(text: str) -> Written:
    """Return form and numbers of a date as written. Time of day and weekday are passed over."""
    text = " ".join(fold(text).split()).strip(" '\"=")
    if text in _NULLS:
        return Written(NULL)
    text = _TIME.sub("", text).strip(" ,")
    if _ZEROS.fullmatch(text) or _MASK.fullmatch(text):
        return Written(NULL)
    found = _partial(text) or _numeric(text) or _digits(text) or _named(text) or Written(UNREAD)
    full = (found.a, found.b, found.c) if found.form == YEAR_FIRST else (found.c, found.a, found.b)
    placeholder = full in _PLACEHOLDERS or full[0] in _PLACEHOLDER_YEARS
    return Written(NULL) if found.form in (YEAR_FIRST, PARTS) and placeholder else found


def _partial(text: str) -> Written | None:
    """Return a date of which the day, or day and month, are zeros or a mask."""
    match = next((match for pattern in _PARTIAL if (match := pattern.fullmatch(text))), None)
    if match is None:
        return None
    parts = match.groupdict()
    year, month = int(parts["y"] or parts.get("z") or 0), int(parts.get("m") or 0)
    return Written(MONTH_YEAR, year, month) if month else Written(YEAR, year)


def _numeric(text: str) -> Written | None:
    for pattern, form in ((_YEAR_FIRST, YEAR_FIRST), (_PARTS, PARTS), (_SHORT, SHORT_PARTS)):
        if found := pattern.fullmatch(text):
            return Written(form, *map(int, found.groups()))
    if found := _YEAR_MONTH.fullmatch(text):
        return Written(MONTH_YEAR, int(found[1]), int(found[2]))
    if found := _MONTH_YEAR.fullmatch(text):
        return Written(MONTH_YEAR, int(found[2]), int(found[1]))
    return None


def _digits(text: str) -> Written | None:
    if text.isdigit() and len(text) in (7, 8):
        return Written(EIGHT, int(text))  # a spreadsheet drops the zero in front of 01011940
    if text.isdigit() and len(text) == 6:
        return Written(SIX, int(text))
    if found := _SERIAL.fullmatch(text):
        number = int(found[1])
        return Written(YEAR if number in YEARS and not (found[2] or "").strip("0") else SERIAL, number)
    # A float that a spreadsheet made of eight digits.
    if text.endswith(".0") and text[:-2].isdigit() and len(text) in (9, 10):
        return Written(EIGHT, int(text[:-2]))
    return None


def _named(text: str) -> Written | None:
    """Return a date whose month is written as a word: 14-MAR-84, March 14, 1984, 14 de marzo de 1984, Mar 1984."""
    pieces = [piece for piece in _PIECES.findall(_WEEKDAY.sub("", text)) if piece not in _FILLER]
    months = [_MONTHS[piece[:3]] for piece in pieces if piece.isalpha() and piece[:3] in _MONTHS]
    numbers = [piece for piece in pieces if piece.isdigit()]
    if len(months) != 1 or len(pieces) != 1 + len(numbers) or len(numbers) not in (1, 2):
        return None
    years = [number for number in numbers if len(number) == 4]
    if len(numbers) == 1:
        return Written(MONTH_YEAR, int(years[0]), months[0]) if years else None
    if len(years) == 1:
        day = next(number for number in numbers if number is not years[0])
        return Written(NAMED, int(years[0]), months[0], int(day))
    if years or any(len(number) > 2 for number in numbers):
        return None
    day, year = numbers  # 14-MAR-84, MAR 14 84
    return Written(SHORT_NAMED, int(year), months[0], int(day))


def shape(text: str) -> str:
    """Return a value's shape for reports that must not hold values: `9/99/9999`, `AAA 99`."""
    return re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "9", text[:20]))
