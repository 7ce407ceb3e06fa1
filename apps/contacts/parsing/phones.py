"""Reads phone numbers as people and spreadsheets write them: several in a cell, as numbers, with words around them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import phonenumbers

from apps.matching.normalize.date_columns.forms import shape

from .text import clean_text, unwrap_formula
from .types import MAX_VALUES, ParsedSource

REGION: Final = "US"
LONGEST: Final = 200
_SEPARATORS: Final = re.compile(r" ::: |[;|\n\r\t]+")
_SOFT_SEPARATORS: Final = re.compile(r"\s*[,/&]\s*|\s+(?:or|and|o|y|ou|e)\s+", re.IGNORECASE)
_EXTENSION: Final = re.compile(
    r"\s*(?:(?:ext|isub|phone-context)=.*|(?:ext(?:ension)?|x)[\s.:]*\d{1,7})\s*", re.IGNORECASE
)
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3}){3}")  # a number with thousands separators
_FLOAT: Final = re.compile(r"(\d{5,15})\.0*")
_SCIENTIFIC: Final = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
_ABSENT: Final = frozenset("n/a na none null nil unknown unk no - -- . x tbd s/n nan #n/a ? ninguno 0".split())
_LEAST_DIGITS: Final = 7
_US_DIGITS: Final = 10
_EXACT_DIGITS: Final = 8  # spreadsheets show six of a number that they round


def format_phone(stored: str) -> str:
    """Return a stored number in national format, or in international format for other countries."""
    try:
        number = phonenumbers.parse(stored, REGION)
    except phonenumbers.NumberParseException:
        return stored
    is_national = number.country_code == phonenumbers.country_code_for_region(REGION)
    number_format = (
        phonenumbers.PhoneNumberFormat.NATIONAL if is_national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, number_format)


class PhoneReader:
    """Read the phones of one row and count in the source what is dropped."""

    def __init__(self, parsed: ParsedSource, line: int) -> None:
        self.parsed, self.line = parsed, line

    def read_all(self, cells: Iterable[tuple[str, str]], country_code: str = "") -> tuple[str, ...]:
        """Return the numbers of cells, pairs of text and column name, without duplicates."""
        phones: dict[str, None] = {}
        for text, column in cells:
            numbers, dropped = read_phones(text[:LONGEST], country_code)
            phones.update(dict.fromkeys(numbers))
            for part in dropped:
                self.parsed.count_unread(column, shape(part), self.line)
        return tuple(phones)[:MAX_VALUES]


def clean_phones(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the phone numbers of texts without duplicates: E.164 for possible ones, else the cleaned text."""
    return tuple(dict.fromkeys(phone for text in texts if text for phone in read_phones(text[:LONGEST])[0]))[
        :MAX_VALUES
    ]


@lru_cache(4096)
def read_phones(text: str, country_code: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers in a text, and the parts of it that are dropped because no number can be recovered."""
    numbers: list[str] = []
    dropped: list[str] = []
    for part in _split(unwrap_formula(text)):
        found = _read_part(part, country_code)
        numbers += found
        if not found and part.casefold() not in _ABSENT:
            dropped.append(part)
    return tuple(dict.fromkeys(numbers)), tuple(dropped)


def _split(text: str) -> list[str]:
    """Return the parts of a text that each hold a number: "A; B", "A / B", "A, B", but not "701/555-0101"."""
    parts: list[str] = []
    for piece in _SEPARATORS.split(text):
        if _EXTENSION.fullmatch(piece):
            continue
        smaller = _SOFT_SEPARATORS.split(piece)
        are_numbers = len(smaller) > 1 and all(_count_digits(one) >= _LEAST_DIGITS for one in smaller)
        parts += smaller if are_numbers else [piece]
    return [part for part in (clean_text(part.strip().strip("'\""), 80) for part in parts) if part]


def _count_digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


def _read_part(text: str, country_code: str) -> list[str]:
    """Return the numbers of one part; none for a placeholder, a rounded number, or text without a number."""
    text = text.removeprefix("tel:").strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if number := _FLOAT.fullmatch(text):
        text = number[1]
    elif number := _SCIENTIFIC.fullmatch(text):
        text = _expand(number[1] + (number[2] or ""), int(number[3]))
    text = _correct_prefix(text)
    digits = [sign for sign in text if sign.isdigit()]
    if not digits or (len(digits) >= _LEAST_DIGITS and len(set(digits[1 - _US_DIGITS :])) == 1):
        return []  # 000-000-0000, (999) 999-9999, +1 111 111 1111
    region = phonenumbers.region_code_for_country_code(int(country_code)) if country_code else REGION
    if number_text := _possible_number(text, region):
        return [number_text]
    matches = [
        _format(match.number)
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE)
        if _is_whole(match.number)
    ]
    return matches or [text]


def _expand(digits: str, exponent: int) -> str:
    """Return the digits of a number in scientific notation; empty if the spreadsheet rounded them away."""
    if exponent + 1 not in (_US_DIGITS, _US_DIGITS + 1) or not _EXACT_DIGITS <= len(digits) <= exponent + 1:
        return ""
    return digits.ljust(exponent + 1, "0")


def _correct_prefix(text: str) -> str:
    """Return a number with one country code: +1+1 701…, ++1, +1 1 701…, 001 701… and 00 44…."""
    text = re.sub(r"^(?:\+\s*1\s*(?=\+)|\+\s*(?=\+))+", "", text)
    digits = "".join(sign for sign in text if sign.isdigit())
    if digits.startswith("11") and len(digits) == _US_DIGITS + 2:
        return f"+{digits[1:]}"
    if digits.startswith("00") and not digits.startswith("000") and len(digits) > _US_DIGITS + 2:
        return f"+{digits[2:]}"
    return text


def _possible_number(text: str, region: str) -> str:
    """Return a whole text as E.164, if it is a possible number."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    return _format(number) if _is_whole(number) else ""


def _is_whole(number: phonenumbers.PhoneNumber) -> bool:
    """Return whether a number may be dialed from anywhere: 555-0101 lacks its area code."""
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def _format(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
