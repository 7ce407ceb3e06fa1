"""A pasted list: one person a line, in any order; what looks like a mail, a phone or a ZIP is taken as one."""

import re
from collections.abc import Iterator

from apps.matching.normalize.address.boxes import read_box
from apps.matching.normalize.address.house_numbers import split_house_number
from apps.matching.normalize.characters import fold

from . import cleaning
from .decoding import Line
from .states import STATE_CODES
from .types import Collector, Parsed, PostalPlace, RawContact

PHONE = re.compile(r"(?<![\w@.])\+?\(?\d[\d\s().\-/]{5,18}\d(?:\s*(?:x|ext\.?)\s*\d{1,5})?(?![\w@])", re.IGNORECASE)
STRONG = re.compile(r"[,;|]| - ")
NO_PHONE = re.compile(r"\d{5}-\d{4}|(?:19|20)\d\d-\d\d-\d\d")
BULLET = re.compile(r"\A\s*(?:[-*•–—]|\(?\d{1,4}[.)])\s+")
STATE_ZIP = re.compile(r"(?:(?P<state>[A-Z]{2})\.?\s+)?(?P<zip>\d{5}(?:-\d{4})?)\Z")
CITY_STATE = re.compile(r"(?P<city>[^\d,]+?)\s+(?P<state>[A-Z]{2})\.?(?:\s+(?P<zip>\d{5}(?:-\d{4})?))?\Z")
BORN = re.compile(r"(?:\b(?:born|b\.|nac\.?|nacid[oa]|née?)\s*:?\s*)?\b(19\d\d|20[01]\d)\b", re.IGNORECASE)
LABEL = re.compile(
    r"\b(?:e-?mail|mail|phone|tel(?:ephone)?|cell|mobile|m|t|p|h|home|name|address|correo|tel[eé]fono)\s*[:=]\s*",
    re.IGNORECASE,
)


def read_pasted(lines: Iterator[Line]) -> Parsed:
    """Read a pasted list."""
    parsed = Parsed("paste")
    collector = Collector(parsed)
    for line in _without_heading(lines):
        for text in _people(line.text):
            collector.add(person(line.number, text), text)
    return parsed


def _without_heading(lines: Iterator[Line]) -> Iterator[Line]:
    """Leave out a first line of words alone that an empty line follows: "My people"."""
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


def _people(text: str) -> list[str]:
    """Return the people of a line: mail programs paste "Ann Lee <ann@…>, Bob Ray <bob@…>" as one."""
    if not text.strip():
        return []
    if text.count("<") > 1:
        return [part.strip(" ,;") for part in re.findall(r"[^<>]*<[^<>]*>", text)]
    alone = [part.strip() for part in re.split(r"[,;\s]+", text) if part.strip()]
    if len(alone) > 1 and all(cleaning.MAIL.fullmatch(part) for part in alone):
        return alone
    return [text]


def person(line: int, text: str) -> RawContact:
    """Return the person of one line."""
    rest = BULLET.sub("", cleaning.clean(text.replace("\t", " , "), 2000), count=1)
    emails = cleaning.mails([rest])
    rest = LABEL.sub(" , ", re.sub(r"mailto:", "", cleaning.MAIL.sub(" , ", rest)))
    phones = [number for number in PHONE.findall(rest) if not NO_PHONE.fullmatch(number.strip())]
    for number in phones:
        rest = rest.replace(number, " , ", 1)
    return _from_pieces(line, _pieces(rest), emails, cleaning.phones(phones))


def _pieces(text: str) -> list[str]:
    """Return the parts of a line. Where semicolons part them, a comma in the first one is in a name."""
    head, sign, tail = re.sub(r"[()]", ",", text).partition(";")
    parts = [head, *re.split(STRONG, tail)] if sign and head.count(",") == 1 else re.split(STRONG, head + sign + tail)
    pieces = [piece.strip(" <>\"'.:-,") for piece in parts]
    return [piece for piece in pieces if piece]


def _from_pieces(line: int, pieces: list[str], emails: tuple[str, ...], phones: tuple[str, ...]) -> RawContact:
    place, year, words = _sort(pieces)
    name = words.pop(0) if words else ""
    if words and " " not in name and (len(words) > 1 or place.city) and _given(words[0]):
        name = f"{name}, {words.pop(0)}"
    if words and not place.city:
        place = place._replace(city=cleaning.clean(words[0], 100))
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


def _given(text: str) -> bool:
    """Return whether a piece could be a first name, perhaps with a middle one."""
    return len(text.split()) <= 2 and not any(sign.isdigit() for sign in text)


def _sort(pieces: list[str]) -> tuple[PostalPlace, str, list[str]]:
    """Return the place and the birth year that the pieces name, and the pieces that are neither."""
    found = {"street": "", "city": "", "state": "", "zip": ""}
    year = ""
    words: list[str] = []
    for piece in pieces:
        if match := STATE_ZIP.fullmatch(piece):
            found.update(zip=match["zip"], state=match["state"] or found["state"])
        elif match := BORN.fullmatch(piece):
            year = match[1]
        elif not found["street"] and _is_street(piece):
            found["street"] = piece
        elif words and (match := CITY_STATE.fullmatch(piece)):
            found.update(city=match["city"], state=match["state"], zip=match["zip"] or found["zip"])
        elif (
            words and ((len(piece) == 2 and piece.isupper()) or piece.casefold() in STATE_CODES) and not found["state"]
        ):
            found["state"] = piece
        else:
            words.append(piece)
    return cleaning.place(found["street"], found["city"], found["state"], found["zip"]), year, words


def _is_street(piece: str) -> bool:
    """Return whether a piece begins with a house number of any form and goes on with a name, or is a box."""
    line = " ".join(fold(piece).split())
    if not any(sign.isdigit() for sign in line):
        return False
    number, rest = split_house_number(line)
    return (bool(number.number) and any(sign.isalpha() for sign in rest)) or read_box(line) is not None
