"""Cleans single values: emails, states, ZIP codes, places, names in one string."""

import re
from collections.abc import Iterable

from apps.matching.normalize.person_names import read_name, read_suffix

from .states import STATE_CODES
from .text import clean_text
from .types import MAX_VALUES, PostalPlace

EMAIL = re.compile(r"[^@\s<>()\[\],;:|\"\\]{1,64}@[^@\s<>()\[\],;:|\"\\]{1,180}\.[^@\s<>()\[\],;:|\"\\.]{2,24}")
# 501, 00501.0, 005011234, 00501-1234, "00501 1234", 00501-
ZIP_NUMBER = re.compile(r"(?P<zip>\d{3,5}|\d{7,9})(?:\.0*)?(?:\s*[-–\s]\s*(?P<plus>\d{4})?)?", re.ASCII)
CITY_LINE = re.compile(
    r"(?P<city>[^,\d]+?),?\s+(?P<state>[A-Za-z]{2}|[A-Za-z][A-Za-z ]+?)\.?,?\s+(?P<zip>\d{5}(?:-\d{4})?)\Z"
)


def clean_emails(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the email addresses within the texts, lower case, without duplicates."""
    emails: dict[str, None] = {}
    for text in texts:
        if "@" in text:
            for match in EMAIL.finditer(text[:2000]):
                emails.setdefault(match.group().lower())
    return tuple(emails)[:MAX_VALUES]


def state_code(text: str) -> str:
    """Return the two-letter code of a US state, or the cleaned text."""
    text = clean_text(text, 40)
    if len(letters := text.replace(".", "").replace(" ", "")) == 2:
        return letters.upper()
    return STATE_CODES.get(text.casefold().rstrip("."), text)


def clean_zip(text: str) -> str:
    """Return a ZIP code: with the zeros that spreadsheets drop, without the ".0" that they add; other text cleaned."""
    text = clean_text(text.strip(" '\""), 20)
    if match := ZIP_NUMBER.fullmatch(text):
        head, tail = match["zip"], match["plus"] or ""
        if len(head) > 5:
            head, tail = head.zfill(9)[:5], head.zfill(9)[5:]
        return head.zfill(5) + (f"-{tail}" if tail.strip("0") else "")
    return text


def clean_place(
    street: str = "", city: str = "", state_text: str = "", zip_text: str = "", country: str = ""
) -> PostalPlace:
    """Return a place from its parts, each cleaned."""
    place = PostalPlace(clean_text(street), clean_text(city, 100), state_code(state_text), "", clean_text(country, 60))
    # Austria and others have codes of four digits.
    return place._replace(zip=clean_zip(zip_text) if place.is_home_country else clean_text(zip_text, 20))


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
