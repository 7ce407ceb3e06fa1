"""Cleaning of single values: text, mails, phones, states, ZIP codes, birth years, names written as one string."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import phonenumbers

from apps.matching.normalize import date_columns
from apps.matching.normalize.person_names import read_name, read_suffix

from .states import STATE_CODES
from .types import MOST_VALUES, PostalPlace

REGION = "US"
MAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@[^@\s<>()\[\],;:\"\\]{1,180}\.[^@\s<>()\[\],;:\"\\.]{2,24}")
# Apple writes 1604 for a birthday without a year, Outlook 0/0/00: neither is a year.
YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?:(?!\d)|(?=\d{4}(?!\d)))")
ZIP = re.compile(r"\d{5}(?:-\d{4})?")
CITY_LINE = re.compile(
    r"(?P<city>[^,\d]+?),?\s+(?P<state>[A-Za-z]{2}|[A-Za-z][A-Za-z ]+?)\.?,?\s+(?P<zip>\d{5}(?:-\d{4})?)\Z"
)


def clean(text: str, longest: int = 200) -> str:
    """Return text in one line, composed (NFC), without control signs and surrounding space."""
    if text.isascii() and text.isprintable():
        return text.strip()[:longest] if "  " not in text else " ".join(text.split())[:longest]
    kept = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    printable = "".join(sign for sign in kept if unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"})
    return unicodedata.normalize("NFC", " ".join(printable.split()))[:longest]


def mails(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the mail addresses among the texts, in lower case, each once."""
    found: dict[str, None] = {}
    for text in texts:
        if "@" in text:
            for match in MAIL.finditer(text[:2000]):
                found.setdefault(match.group().lower())
    return tuple(found)[:MOST_VALUES]


@lru_cache(4096)
def phone(text: str) -> str:
    """Return E.164 where the text parses as a possible number (US where no country is said), else as given."""
    text = clean(text.removeprefix("tel:"), 40)
    if not any(sign.isdigit() for sign in text):
        return ""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return text
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_written(kept: str) -> str:
    """Return a kept number as people of its country write it, those abroad with their country's code."""
    try:
        number = phonenumbers.parse(kept, REGION)
    except phonenumbers.NumberParseException:
        return kept
    here = number.country_code == phonenumbers.country_code_for_region(REGION)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if here else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def phones(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the phone numbers, each once."""
    found = dict.fromkeys(phone(text[:60]) for text in texts if text)
    found.pop("", None)
    return tuple(found)[:MOST_VALUES]


def birth_year(text: str) -> str:
    """Return the four-digit year of a date in any order, or the empty string."""
    if year := date_columns.birth_year(text[:40], date.today()):  # noqa: DTZ011 - a year, not a moment
        return str(year)
    match = YEAR.search(text[:40])
    return match.group(1) if match and not text.strip().isdigit() else ""


def state(text: str) -> str:
    """Return the two-letter code of a US state, or the text as it is."""
    text = clean(text, 40)
    if len(text) == 2:
        return text.upper()
    return STATE_CODES.get(text.casefold().rstrip("."), text)


def zip_code(text: str) -> str:
    """Return a ZIP code with the leading zeros that spreadsheets drop; other texts as they are."""
    text = clean(text, 20)
    head, dash, tail = text.partition("-")
    if head.isascii() and head.isdigit() and 3 <= len(head) <= 5:
        return head.zfill(5) + dash + tail
    return text


def place(street: str = "", city: str = "", state_text: str = "", zip_text: str = "", country: str = "") -> PostalPlace:
    """Return a cleaned place."""
    return PostalPlace(clean(street), clean(city, 100), state(state_text), zip_code(zip_text), clean(country, 60))


def place_from_text(text: str) -> PostalPlace:
    """Return the place of an address written as one text, in lines or with commas."""
    parts = [clean(part) for part in re.split(r"[\r\n]+", text) if part.strip()]
    if len(parts) == 1:
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
        parts = _join_city_line(parts)
    for number in range(len(parts) - 1, -1, -1):
        if match := CITY_LINE.match(parts[number]):
            after = " ".join(parts[number + 1 :])
            return place(", ".join(parts[:number]), match["city"], match["state"], match["zip"], after)
    return PostalPlace(street=", ".join(parts)[:200])


def _join_city_line(parts: list[str]) -> list[str]:
    """Join "Springfield", "HD 12345" into one line, so that one pattern reads both spellings."""
    for number in range(1, len(parts)):
        if re.fullmatch(r"[A-Za-z][A-Za-z .]*\s\d{5}(-\d{4})?", parts[number]) and not CITY_LINE.match(parts[number]):
            return [*parts[: number - 1], f"{parts[number - 1]}, {parts[number]}", *parts[number + 1 :]]
    return parts


def suffix(text: str) -> str:
    """Return a generation suffix in its usual spelling; empty for degrees and titles."""
    return read_suffix(text)


def split_name(text: str) -> tuple[str, str, str, str]:
    """Return first, middle, last name and suffix of a name written as one string, "Lee, Ann" included."""
    name = read_name(text)
    return name.first, name.middle, name.last, name.suffix
