"""Parses a pasted list: one person per line, values in any order, recognized by their form."""

import re
from collections.abc import Iterator

from apps.matching.normalize.address.boxes import read_box
from apps.matching.normalize.address.house_numbers import split_house_number
from apps.matching.normalize.characters import fold
from apps.matching.normalize.person_names import EntryKind, kind_of_entry

from . import cleaning
from .decoding import Line
from .phones import clean_phones
from .states import STATE_CODES
from .text import clean_text
from .types import ParsedSource, PostalPlace, RawContact, RowCollector

PHONE = re.compile(r"(?<![\w@.])\+?\(?\d[\d\s().\-/]{5,18}\d(?:\s*(?:x|ext\.?)\s*\d{1,5})?(?![\w@])", re.IGNORECASE)
SEPARATORS = re.compile(r"[,;|]| - ")
NOT_A_PHONE = re.compile(r"\d{5}-\d{4}|(?:19|20)\d\d-\d\d-\d\d")
BULLET = re.compile(r"\A\s*(?:[-*•–—]|\(?\d{1,4}[.)])\s+")
STATE_ZIP = re.compile(r"(?:(?P<state>[A-Z]{2})\.?\s+)?(?P<zip>\d{5}(?:-\d{4})?)\Z")
CITY_STATE = re.compile(r"(?P<city>[^\d,]+?)\s+(?P<state>[A-Z]{2})\.?(?:\s+(?P<zip>\d{5}(?:-\d{4})?))?\Z")
BIRTH_YEAR = re.compile(r"(?:\b(?:born|b\.|nac\.?|nacid[oa]|née?)\s*:?\s*)?\b(19\d\d|20[01]\d)\b", re.IGNORECASE)
LABEL = re.compile(
    r"\b(?:e-?mail|mail|phone|tel(?:ephone)?|cell|mobile|m|t|p|h|home|name|address|correo|tel[eé]fono)\s*[:=]\s*",
    re.IGNORECASE,
)


def read_pasted(lines: Iterator[Line]) -> ParsedSource:
    """Parse a pasted list."""
    parsed = ParsedSource("paste")
    collector = RowCollector(parsed)
    for line in _skip_heading(lines):
        for text in _split_people(line.text):
            contact = read_line(line.number, text)
            kind = kind_of_entry(contact.name)
            if kind is EntryKind.PERSON:
                collector.add(contact, text)
            else:
                collector.skip(line.number, kind, contact.name)
    return parsed


def _skip_heading(lines: Iterator[Line]) -> Iterator[Line]:
    """Skip a first line of plain words followed by an empty line, such as "My people"."""
    first = next((line for line in lines if line.text.strip()), None)
    second = next(lines, None)
    heading = (
        first and second and not second.text.strip() and re.fullmatch(r"[^\W\d]+( [^\W\d]+)*:?", first.text.strip())
    )
    if first and not heading:
        yield first
    if second:
        yield second
    yield from lines


def _split_people(text: str) -> list[str]:
    """Return the people on a line: email programs paste "Ann Lee <ann@…>, Bob Ray <bob@…>" as one."""
    if not text.strip():
        return []
    if text.count("<") > 1:
        return [part.strip(" ,;") for part in re.findall(r"[^<>]*<[^<>]*>", text)]
    alone = [part.strip() for part in re.split(r"[,;\s]+", text) if part.strip()]
    if len(alone) > 1 and all(cleaning.EMAIL.fullmatch(part) for part in alone):
        return alone
    return [text]


def read_line(line: int, text: str) -> RawContact:
    """Return the contact of one line."""
    rest = BULLET.sub("", clean_text(text.replace("\t", " , "), 2000), count=1)
    emails = cleaning.clean_emails([rest])
    rest = LABEL.sub(" , ", re.sub(r"mailto:", "", cleaning.EMAIL.sub(" , ", rest)))
    phones = [number for number in PHONE.findall(rest) if not NOT_A_PHONE.fullmatch(number.strip())]
    for number in phones:
        rest = rest.replace(number, " , ", 1)
    return _contact_from_pieces(line, _split_pieces(rest), emails, clean_phones(phones))


def _split_pieces(text: str) -> list[str]:
    """Return the parts of a line. If semicolons separate them, a comma in the first part belongs to the name."""
    head, semicolon, tail = re.sub(r"[()]", ",", text).partition(";")
    parts = (
        [head, *re.split(SEPARATORS, tail)]
        if semicolon and head.count(",") == 1
        else re.split(SEPARATORS, head + semicolon + tail)
    )
    pieces = [piece.strip(" <>\"'.:-,") for piece in parts]
    return [piece for piece in pieces if piece]


def _contact_from_pieces(line: int, pieces: list[str], emails: tuple[str, ...], phones: tuple[str, ...]) -> RawContact:
    place, year, words = _classify_pieces(pieces)
    name = words.pop(0) if words else ""
    if words and " " not in name and (len(words) > 1 or place.city) and _may_be_given_name(words[0]):
        name = f"{name}, {words.pop(0)}"
    if words and not place.city:
        place = place._replace(city=clean_text(words[0], 100))
    first, middle, last, suffix = cleaning.split_name(name)
    return RawContact(
        line=line,
        first=first,
        middle=middle,
        last=last,
        suffix=suffix,
        emails=emails,
        phones=phones,
        places=(place,) if any(place) else (),
        birth_year=year,
    )


def _may_be_given_name(text: str) -> bool:
    """Return whether a piece may be a first name, perhaps with a middle name."""
    return len(text.split()) <= 2 and not any(sign.isdigit() for sign in text)


def _classify_pieces(pieces: list[str]) -> tuple[PostalPlace, str, list[str]]:
    """Return place, birth year and the remaining pieces."""
    parts = {"street": "", "city": "", "state": "", "zip": ""}
    year = ""
    words: list[str] = []
    for piece in pieces:
        if match := STATE_ZIP.fullmatch(piece):
            parts.update(zip=match["zip"], state=match["state"] or parts["state"])
        elif match := BIRTH_YEAR.fullmatch(piece):
            year = match[1]
        elif not parts["street"] and _is_street(piece):
            parts["street"] = piece
        elif words and (match := CITY_STATE.fullmatch(piece)):
            parts.update(city=match["city"], state=match["state"], zip=match["zip"] or parts["zip"])
        elif (
            words and ((len(piece) == 2 and piece.isupper()) or piece.casefold() in STATE_CODES) and not parts["state"]
        ):
            parts["state"] = piece
        else:
            words.append(piece)
    return cleaning.clean_place(parts["street"], parts["city"], parts["state"], parts["zip"]), year, words


def _is_street(piece: str) -> bool:
    """Return whether a piece begins with a house number of any form and continues with a name, or is a PO box."""
    line = " ".join(fold(piece).split())
    if not any(character.isdigit() for character in line):
        return False
    number, rest = split_house_number(line)
    return (bool(number.number) and any(character.isalpha() for character in rest)) or read_box(line) is not None
