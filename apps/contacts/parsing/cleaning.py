"""Cleans single values: text, emails, phones, states, ZIP codes, birth years, names in one string."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import phonenumbers

from apps.matching.normalize import date_columns
from apps.matching.normalize.person_names import read_name, read_suffix

from .states import STATE_CODES
from .types import MAX_VALUES, PostalPlace

REGION = "US"
EMAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@[^@\s<>()\[\],;:\"\\]{1,180}\.[^@\s<>()\[\],;:\"\\.]{2,24}")
# Apple writes 1604 for a birthday without a year, Outlook 0/0/00: neither matches.
YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?:(?!\d)|(?=\d{4}(?!\d)))")
ZIP = re.compile(r"\d{5}(?:-\d{4})?")
CITY_LINE = re.compile(
    r"(?P<city>[^,\d]+?),?\s+(?P<state>[A-Za-z]{2}|[A-Za-z][A-Za-z ]+?)\.?,?\s+(?P<zip>\d{5}(?:-\d{4})?)\Z"
)


def clean_text(text: str, longest: int = 200) -> str:
    """Return text on one line in Unicode NFC, without control characters and surrounding space."""
    if text.isascii() and text.isprintable():
        return text.strip()[:longest] if "  " not in text else " ".join(text.split())[:longest]
    characters = (" " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character for character in text)
    printable = "".join(
        character for character in characters if unicodedata.category(character) not in {"Cf", "Cs", "Co", "Cn"}
    )
    return unicodedata.normalize("NFC", " ".join(printable.split()))[:longest]


def clean_emails(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the email addresses within the texts, lower case, without duplicates."""
    emails: dict[str, None] = {}
    for text in texts:
        if "@" in text:
            for match in EMAIL.finditer(text[:2000]):
                emails.setdefault(match.group().lower())
    return tuple(emails)[:MAX_VALUES]


@lru_cache(4096)
def clean_phone(text: str) -> str:
    """Return E.164 for a possible number (US unless a country code says otherwise), else the cleaned text."""
    text = clean_text(text.removeprefix("tel:"), 40)
    if not any(character.isdigit() for character in text):
        return ""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return text
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


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


def clean_phones(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the cleaned phone numbers without duplicates."""
    phones = dict.fromkeys(clean_phone(text[:60]) for text in texts if text)
    phones.pop("", None)
    return tuple(phones)[:MAX_VALUES]


def birth_year(text: str) -> str:
    """Return the four-digit year of a date in any format, or an empty string."""
    if year := date_columns.birth_year(text[:40], date.today()):  # noqa: DTZ011 - a year, not a moment
        return str(year)
    match = YEAR.search(text[:40])
    return match.group(1) if match and not text.strip().isdigit() else ""


def state_code(text: str) -> str:
    """Return the two-letter code of a US state, or the cleaned text."""
    text = clean_text(text, 40)
    if len(text) == 2:
        return text.upper()
    return STATE_CODES.get(text.casefold().rstrip("."), text)


def clean_zip(text: str) -> str:
    """Return a ZIP code with the leading zeros that spreadsheets drop; other text only cleaned."""
    text = clean_text(text, 20)
    head, dash, tail = text.partition("-")
    if head.isascii() and head.isdigit() and 3 <= len(head) <= 5:
        return head.zfill(5) + dash + tail
    return text


def clean_place(
    street: str = "", city: str = "", state_text: str = "", zip_text: str = "", country: str = ""
) -> PostalPlace:
    """Return a place from its parts, each cleaned."""
    return PostalPlace(
        clean_text(street), clean_text(city, 100), state_code(state_text), clean_zip(zip_text), clean_text(country, 60)
    )


def place_from_text(text: str) -> PostalPlace:
    """Return the place of an address written as one text, on several lines or with commas."""
    parts = [clean_text(part) for part in re.split(r"[\r\n]+", text) if part.strip()]
    if len(parts) == 1:
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
        parts = _join_city_line(parts)
    for number in range(len(parts) - 1, -1, -1):
        if match := CITY_LINE.match(parts[number]):
            after = " ".join(parts[number + 1 :])
            return clean_place(", ".join(parts[:number]), match["city"], match["state"], match["zip"], after)
    return PostalPlace(street=", ".join(parts)[:200])


def _join_city_line(parts: list[str]) -> list[str]:
    """Join "Springfield", "HD 12345" into one line, so that one pattern reads both spellings."""
    for number in range(1, len(parts)):
        if re.fullmatch(r"[A-Za-z][A-Za-z .]*\s\d{5}(-\d{4})?", parts[number]) and not CITY_LINE.match(parts[number]):
            return [*parts[: number - 1], f"{parts[number - 1]}, {parts[number]}", *parts[number + 1 :]]
    return parts


def clean_suffix(text: str) -> str:
    """Return a generational suffix in standard spelling; empty for degrees and titles."""
    return read_suffix(text)


def split_name(text: str) -> tuple[str, str, str, str]:
    """Return first, middle, last name and suffix of a full name, "Lee, Ann" included."""
    name = read_name(text)
    return name.first, name.middle, name.last, name.suffix
