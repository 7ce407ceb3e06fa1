"""Parse what follows a street on one line: city, state, ZIP code, and the urbanization in Puerto Rico."""

import re
from typing import Final

from apps.matching.normalize.address.roads import read_road
from apps.matching.normalize.address.streets import split_words
from apps.matching.normalize.address.vocabulary import DIRECTIONS, STATE_CODES, STATE_NAMES, STRONG_TYPES, TYPES

_COUNTRY: Final = re.compile(r"[\s,]+(?:U\.?S\.?A\.?|UNITED STATES(?: OF AMERICA)?)\W*$")
_ZIP: Final = re.compile(r"[\s,.]+(\d{5})(?:[ -]?\d{4})?\W*$")
_STATE: Final = re.compile(r"[\s,.]+([A-Z])\.? ?([A-Z])\.?[\s,]*$")
_STATE_NAME: Final = re.compile(rf"[\s,]+({'|'.join(STATE_NAMES)})[\s,]*$")
# A number after these is a road's or a unit's, not a ZIP code.
_OF_NUMBERS: Final = frozenset("HWY HIGHWAY ROUTE RTE RT ROAD RD CR SR FM RM BOX UNIT APT STE LOT NO".split())
# Types that end a street unless a stronger one does, and that seldom begin the name of a city.
_WEAK_ENDS: Final = frozenset(
    "ROW RUN PATH PASS PIKE TRCE PLZ CRES EXT SPUR WALK CHASE BND HOLW LNDG CRK RDG BYP".split()
)
_OF_CITIES: Final = frozenset({"ST", "LA"})  # St Orla, La Jolla
_AREA: Final = re.compile(r"(?:^|[\s,])(?:URB|URBANIZACION|BARRIADA|BDA|BARRIO|PARC|PARCELAS)\.?\s+(.+)$")


def split_state_zip(line: str) -> tuple[str, str, str]:
    """Return a folded line without state and ZIP code, the state, and the five digits; empty if missing."""
    line = _COUNTRY.sub("", line)
    found = _ZIP.search(line)
    if not found:
        return line, "", ""
    before = line[: found.start()]
    words = split_words(before)
    if len(words) < 2 or words[-1] in _OF_NUMBERS:
        return line, "", ""
    if named := _STATE_NAME.search(before):
        return before[: named.start()], STATE_NAMES[named[1]], found[1]
    if (
        (coded := _STATE.search(before))
        and coded[1] + coded[2] not in DIRECTIONS
        and _is_state(coded[1] + coded[2], before)
    ):
        return before[: coded.start()], coded[1] + coded[2], found[1]
    return before, "", found[1]


def _is_state(code: str, before: str) -> bool:
    """Return whether two letters before a ZIP code are a state: `12 OAK ST 12345` ends with a street."""
    return code in STATE_CODES or code not in TYPES


def split_state(part: str) -> tuple[str, str]:
    """Return the text after the street without its state, and the state: RALEIGH NC, or HD alone."""
    part = part.strip(" .")
    if part in STATE_NAMES:
        return part, STATE_NAMES[part]
    if len(part.replace(".", "").replace(" ", "")) == 2 and part[:1].isalpha():
        return "", part.replace(".", "").replace(" ", "")
    if (found := _STATE.search(part)) and found[1] + found[2] in STATE_CODES:
        return part[: found.start()], found[1] + found[2]
    if found := _STATE_NAME.search(part):
        return part[: found.start()], STATE_NAMES[found[1]]
    return part, ""


def split_city(line: str) -> tuple[str, str]:
    """Return a street and the city after it, on a line without commas: FOUNTAIN ST TARN."""
    words = split_words(line)
    if len(words) < 3:
        return line, ""
    start = 1 if words[0] in DIRECTIONS and words[1] not in TYPES else 0
    if road := read_road(words[start:]):
        city = [word for word in road.rest if word not in DIRECTIONS]
        return (" ".join(words[: len(words) - len(city)]), " ".join(city)) if city else (line, "")
    ends = _ends(words, start, STRONG_TYPES) or _ends(words, start, _WEAK_ENDS)
    if not ends or words[-1] in TYPES:
        return line, ""
    end = ends[-1] + 1
    if TYPES.get(words[end]) in STRONG_TYPES and words[end] not in _OF_CITIES and end + 1 < len(words):
        end += 1  # Park Place Dr
    # `Main St N Tarn`, but `Main St North Port`: only the abbreviation belongs to the street.
    if len(words[end]) <= 2 and words[end] in DIRECTIONS and end + 1 < len(words):
        end += 1
    if all(word in DIRECTIONS or word[0].isdigit() or len(word) == 1 for word in words[end:]):
        return line, ""
    return " ".join(words[:end]), " ".join(words[end:])


def _ends(words: list[str], start: int, types: frozenset[str]) -> list[int]:
    """Return where a street may end with one of some types; a type right after another belongs to the city."""
    return [
        at
        for at in range(start + 1, len(words) - 1)
        if TYPES.get(words[at]) in types and TYPES.get(words[at - 1]) not in types
    ]


def split_area(text: str) -> tuple[str, str]:
    """Return a street without its urbanization, and the urbanization's name without spaces."""
    found = _AREA.search(text)
    if not found:
        return text, ""
    return text[: found.start()].strip(" ,"), "".join(split_words(found[1]))
