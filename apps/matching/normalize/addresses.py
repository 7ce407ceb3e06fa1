"""US street addresses as house number, street core and unit; other regions' addresses degrade to tokens."""

import re
from functools import lru_cache
from typing import NamedTuple

from apps.matching.normalize.text import fold


class Address(NamedTuple):
    """`1220 Southwest 12th Avenue #709` is house 1220, street 12, unit 709.

    The street core has neither direction nor street type: these are what people leave out, add or confuse.
    """

    house: str
    street: str
    unit: str


NOWHERE = Address("", "", "")
# Street types by what USPS Publication 28 abbreviates them to; the first word is the normal form.
_TYPES = {
    word: words.split()[0]
    for words in (
        "ST STREET STR", "AVE AVENUE AV AVEN", "RD ROAD", "DR DRIVE DRV", "LN LANE LA", "CT COURT CRT",
        "PL PLACE", "WAY WY", "CIR CIRCLE CIRC", "TER TERRACE TERR", "TRL TRAIL TR",
        "PKWY PARKWAY PKY PKWAY", "BLVD BOULEVARD BLV BOUL",
        "HWY HIGHWAY HIWAY", "SQ SQUARE", "ALY ALLEY", "LOOP", "RUN", "PATH", "PASS",
        "XING CROSSING", "CV COVE", "PT POINT", "RDG RIDGE", "ROW", "TPKE TURNPIKE", "EXT EXTENSION",
        "EXPY EXPRESSWAY", "FWY FREEWAY", "HOLW HOLLOW", "BND BEND", "PLZ PLAZA", "GLN GLEN", "MNR MANOR",
        "VW VIEW", "HTS HEIGHTS", "LNDG LANDING", "CRES CRESCENT", "GRV GROVE", "SPUR", "WALK", "MALL",
        "COMMONS", "CHASE", "TRCE TRACE",
    )
    for word in words.split()
}  # fmt: skip
_DIRECTIONS = {
    **dict.fromkeys(("N", "NORTH", "NO"), "N"), **dict.fromkeys(("S", "SOUTH", "SO"), "S"),
    **dict.fromkeys(("E", "EAST"), "E"), **dict.fromkeys(("W", "WEST"), "W"),
    **dict.fromkeys(("NE", "NORTHEAST"), "NE"), **dict.fromkeys(("NW", "NORTHWEST"), "NW"),
    **dict.fromkeys(("SE", "SOUTHEAST"), "SE"), **dict.fromkeys(("SW", "SOUTHWEST"), "SW"),
}  # fmt: skip
_ORDINAL_WORDS = (
    "FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH", "ELEVENTH",
    "TWELFTH", "THIRTEENTH", "FOURTEENTH", "FIFTEENTH", "SIXTEENTH", "SEVENTEENTH", "EIGHTEENTH",
    "NINETEENTH",
    "TWENTIETH",
)  # fmt: skip
_ORDINALS = {word: str(number) for number, word in enumerate(_ORDINAL_WORDS, start=1)}
_NUMBER_WORDS = ("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN")
_NUMBERS = {word: str(number) for number, word in enumerate(_NUMBER_WORDS, start=1)}
_WORDS = {"SAINT": "ST", "MOUNT": "MT", "FORT": "FT", "DOCTOR": "DR"}

_HOUSE = re.compile(r"(\d+(?:-\d+)?[A-Z]?|[NSEW]\d+[NSEW]\d+)(?:\s+\d/\d)?(?=\s|,|$)\s*")
_UNIT = re.compile(
    r"[\s,]*(?:\b(?:APARTMENT|APT|UNIT|SUITE|STE|BUILDING|BLDG|LOT|ROOM|RM|FLOOR|FL|TRLR|TRAILER|SPC|SPACE)\b\.?"
    r"(?=\s*#?\s*[A-Z0-9])|#)\s*#?\s*([A-Z0-9-]+).*$"
)
_TOKENS = re.compile(r"[A-Z0-9]+")
_ORDINAL_DIGITS = re.compile(r"(\d+)(?:ST|ND|RD|TH)$")
_PO_BOX = re.compile(r"^\W*(?:P\W*O\W*|POST\s+OFFICE\s+)?(?:BOX|BX|DRAWER)\W+(\w+)")
_RURAL = re.compile(
    r"^\W*(R\W?R|RFD|RURAL\s+(?:ROUTE|RT)|ROUTE|RT|RTE|HC|HIGHWAY\s+CONTRACT)\W*(\w+)\W+(?:BOX|BX)\W*(\w+)"
)
_HIGHWAY = re.compile(
    r"\b(?:(U\W?S|STATE|ST|COUNTY|CO|INTERSTATE|[A-Z]{2})\s+)?"
    r"(HIGHWAY|HWY|ROUTE|RTE|RT|ROAD|RD|CR|SR|FM|I)\s*-?\s*(\d+[A-Z]?)\b"
)
_GLUED = re.compile(r"(\w{3,}?)(?:STREET|PLACE|AVENUE|DRIVE|COURT|CIRCLE|TERRACE|CRESCENT)$")  # a space forgotten
_COUNTY_ROADS = frozenset({"COUNTY", "CO"})


def address(text: str) -> Address:
    """The parts of an address line; a line that is no address gives its words as the street."""
    if not text:
        return NOWHERE
    line = fold(text.split("\n", 1)[0])
    if special := _box_or_route(line):
        return special
    house, rest = _house_and_rest(line)
    street, unit, trailing = _street(rest)
    return Address(house or trailing, street, unit)


def _box_or_route(line: str) -> Address | None:
    if "BOX" not in line and "BX" not in line and "DRAWER" not in line:
        return None
    if found := _RURAL.match(line):
        kind = "HC" if found[1].startswith("H") else "RR"
        return Address(found[3], f"{kind}{found[2].lstrip('0')}", "")
    if found := _PO_BOX.match(line):
        return Address(found[1].lstrip("0") or "0", "POBOX", "")
    return None


def _house_and_rest(line: str) -> tuple[str, str]:
    line = line.strip(" .,")
    if found := _HOUSE.match(line):
        return found[1].replace("-", "").lstrip("0"), line[found.end() :]
    first, _, rest = line.partition(" ")
    if first in _NUMBERS and rest:
        return _NUMBERS[first], rest
    return "", line


@lru_cache(300_000)
def _street(rest: str) -> tuple[str, str, str]:
    """Street core, unit, and a house number that stands behind the street, as much of the world writes it."""
    line, unit = rest, ""
    if found := _UNIT.search(rest):
        line, unit = rest[: found.start()], found[1].lstrip("0")
    line = line.split(",", 1)[0] if "," in line and line.split(",", 1)[0].strip() else line
    if (found := _HIGHWAY.search(line)) and (highway := _highway(found[1] or "", found[2], found[3])):
        return highway, unit, ""
    tokens = [_token(t) for t in _TOKENS.findall(line.replace("'", "").replace(".", " "))]
    tokens, unit = _without_tail(tokens, unit)
    core, trailing = _core(tokens)
    return core, unit, trailing


def _highway(of: str, kind: str, number: str) -> str:
    """HWY12 or CR5; empty where `ROAD 5` is a street of that name rather than a numbered highway."""
    if kind == "CR" or of in _COUNTY_ROADS:
        return f"CR{number}"
    if kind in {"ROAD", "RD"} or (kind == "I" and of):
        return ""
    return f"HWY{number}"


def _token(word: str) -> str:
    if found := _ORDINAL_DIGITS.match(word):
        return found[1].lstrip("0")
    return _ORDINALS.get(word) or _TYPES.get(word) or _WORDS.get(word) or word


def _without_tail(tokens: list[str], unit: str) -> tuple[list[str], str]:
    """Takes off a bare unit behind the street type (`12 AVE 709`) and the direction at the end."""
    for at in range(1, len(tokens) - 1):
        tail = tokens[at + 1]
        bare = tail.isdigit() or (len(tail) == 1 and tail not in _DIRECTIONS) or tail[:-1].isdigit()
        if tokens[at] in _TYPES and bare and at + 2 == len(tokens) and tokens[0] not in _TYPES:
            return tokens[: at + 1], unit or tail
    return tokens, unit


def _core(tokens: list[str]) -> tuple[str, str]:
    """What is left without directions at either end and the type at the end; never nothing of something."""
    trailing = ""
    if len(tokens) > 1 and tokens[-1] in _DIRECTIONS:
        tokens = tokens[:-1]
    if len(tokens) > 1 and tokens[-1] in _TYPES:
        tokens = tokens[:-1]
    elif glued := _GLUED.match(tokens[-1] if tokens else ""):
        tokens = [*tokens[:-1], glued[1]]
    if len(tokens) > 1 and tokens[0] in _DIRECTIONS:
        tokens = tokens[1:]
    if len(tokens) > 1 and tokens[-1].isdigit() and tokens[-2] not in _TYPES and not tokens[0].isdigit():
        trailing = tokens[-1]
        tokens = tokens[:-1]
    return "".join(tokens), trailing
