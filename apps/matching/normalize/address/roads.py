"""Parse numbered and lettered roads: NC 42 HWY, State Route 9, CTY RD AB, FM 1960, US 64 E."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from apps.matching.normalize.address.vocabulary import DIRECTIONS, STATE_CODES, STATE_NAMES, TYPES

_HIGHWAY: Final = frozenset({"HWY", "HIGHWAY", "HIWAY", "HIGHWY", "HWAY", "ROUTE", "RTE", "RT", "TRUNK", "TRK"})
_ROAD: Final = frozenset({"ROAD", "RD"})
_COUNTY: Final = frozenset({"COUNTY", "CO", "CTY", "CNTY", "CNT", "PARISH"})
# Single words and abbreviations that identify the system.
_ALONE: Final = {
    "CR": "COUNTY", "CH": "COUNTY", "CTH": "COUNTY", "CSAH": "COUNTY", "SR": "STATE", "SH": "STATE", "STH": "STATE",
    "SRTE": "STATE", "FM": "FM", "RM": "RM", "IH": "I", "INTERSTATE": "I", "USH": "US", "USHWY": "US", "TR": "TOWNSHIP",
    "FR": "FOREST", "NF": "FOREST",
    "NFSR": "FOREST", "FSR": "FOREST", "NFD": "FOREST", "BIA": "BIA",
    "CARR": "STATE", "CARRETERA": "STATE",
}  # fmt: skip
# Longer openings, and whether a road word must or may follow: US 64, US HWY 64; but STATE HWY 9 only with it.
_MAY: Final = ((("U", "S"), "US"), (("UNITED", "STATES"), "US"), (("US",), "US"), (("I",), "I"), (("INTERSTATE",), "I"),
               (("FARM", "TO", "MARKET"), "FM"), (("RANCH", "TO", "MARKET"), "RM"))  # fmt: skip
_NAMED_SECOND: Final = STATE_CODES | {"US"}
_MUST: Final = (
    (("STATE",), "STATE"), (("ST",), "STATE"), (("TOWNSHIP",), "TOWNSHIP"), (("TWP",), "TOWNSHIP"),
    (("FOREST", "SERVICE"), "FOREST"), (("FOREST",), "FOREST"), (("NFS",), "FOREST"), (("USFS",), "FOREST"),
    (("FS",), "FOREST"), (("NATIONAL", "FOREST"), "FOREST"), (("INDIAN",), "BIA"), (("PRIVATE",), "PRIVATE"),
    (("RANCH",), "RM"), (("FARM",), "FM"),
)  # fmt: skip
_OPENINGS: Final[tuple[tuple[tuple[str, ...], str, bool], ...]] = (
    *((opening, system, True) for opening, system in _MUST), *((opening, system, False) for opening, system in _MAY)
)  # fmt: skip
_MARKS: Final = {"BUS": "BUS", "BUSINESS": "BUS", "ALT": "ALT", "ALTERNATE": "ALT", "BYP": "BYP", "BYPASS": "BYP",
                 "LOOP": "LOOP", "SPUR": "SPUR", "OLD": "OLD"}  # fmt: skip
_RINGS: Final = frozenset({"LOOP", "SPUR"})  # of Texas
_DIGITS: Final = re.compile(r"\d{1,5}[A-Z]{0,2}|[A-Z]\d{1,3}[A-Z]?")
_LETTERS: Final = re.compile(r"[A-Z]{1,2}")
_SPLIT: Final = {"C R": "CR", "S R": "SR", "S H": "SH", "F M": "FM", "R M": "RM", "C H": "CH"}


class Road(NamedTuple):
    """A road of a system: `number` includes its mark (64BUS, OLD42), `rest` is the text after it."""

    system: str
    number: str
    rest: tuple[str, ...]


def read_road(words: Sequence[str]) -> Road | None:
    """Return the road named by words without leading direction, or None for an ordinary street."""
    words = [*words]
    if " ".join(words[:2]) in _SPLIT:
        words[:2] = [_SPLIT[" ".join(words[:2])]]
    mark = ""
    if words[0] in ("STATE", "TX") and len(words) > 2 and words[1] in _RINGS:
        words = words[1:]
    if words[0] in _RINGS and len(words) > 1 and words[1].isdigit():
        return _closed("", _MARKS[words[0]], words[1], words[2:])
    if words[0] in _MARKS and len(words) > 2:
        mark = _MARKS[words.pop(0)]
    found = _opening(words)
    if found is None:
        return None
    system, at = found
    if at < len(words) and words[at] in _MARKS and at + 1 < len(words):
        mark += _MARKS[words[at]]
        at += 1
    if at >= len(words) or not _is_designator(words[at], system, alone=at == len(words) - 1):
        return None
    return _closed(system, mark, words[at].lstrip("0") or "0", words[at + 1 :])


def _opening(words: Sequence[str]) -> tuple[str, int] | None:
    """Return the system, and the position of the number."""
    if words[0] in _COUNTY:
        return _county(words)
    return _of_system(words) or _of_word(words) or _of_state(words)


def _of_system(words: Sequence[str]) -> tuple[str, int] | None:
    """Return the opening of a road that names its system in full: STATE ROUTE, US HWY, FARM TO MARKET."""
    for opening, system, must in _OPENINGS:
        size = len(opening)
        fits = tuple(words[:size]) == opening and len(words) > size
        if fits and (not must or words[size] in _HIGHWAY | _ROAD):
            return system, _past_road_words(words, size)
    return None


def _of_word(words: Sequence[str]) -> tuple[str, int] | None:
    """Return the opening of a road by one word: CR, HWY, ROAD; HWY US 64 names its system second."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in _ALONE:
        return _ALONE[first], _past_road_words(words, 1)
    if first in _ROAD:
        return "ROAD", 1
    if first not in _HIGHWAY or second in _COUNTY:
        return None
    if second in _NAMED_SECOND and len(words) > 2 and words[2].isdigit():
        return ("US" if second == "US" else "STATE"), 2
    return "", 1


def _county(words: Sequence[str]) -> tuple[str, int] | None:
    second = words[1] if len(words) > 1 else ""
    if second in _HIGHWAY | _ROAD:
        return "COUNTY", _past_road_words(words, 1)
    return ("COUNTY", 1) if second[:1].isdigit() and second[-1:] not in ("T", "D", "H") else None


def _of_state(words: Sequence[str]) -> tuple[str, int] | None:
    """Return the opening of a road by its state: NC 42, NC HIGHWAY 42, NORTH CAROLINA 42."""
    if words[0] == "PR" and len(words) > 1 and words[1].isdigit() and len(words[1]) > 3:
        return "PRIVATE", 1  # of Texas; the roads of Puerto Rico have up to three digits
    name = " ".join(words[:2])
    size = 2 if name in STATE_NAMES else 1 if words[0] in STATE_CODES or words[0] in STATE_NAMES else 0
    if not size or len(words) <= size:
        return None
    at = _past_road_words(words, size)
    if at == size and not words[size][0].isdigit():
        return None
    return "STATE", at


def _past_road_words(words: Sequence[str], at: int) -> int:
    """Return the position after HWY, ROAD or TRUNK HIGHWAY."""
    start = at
    while at < len(words) and at < start + 2 and words[at] in _HIGHWAY | _ROAD:
        at += 1
    return at


def _is_designator(word: str, system: str, *, alone: bool) -> bool:
    """Return whether a word can be a road's number. Ordinals (RD 5TH) cannot; letters only in systems with lettered
    roads.
    """
    if _DIGITS.fullmatch(word):
        return not (len(word) > 2 and word[-2:] in ("ST", "ND", "RD", "TH"))
    if system not in ("COUNTY", "STATE", "") or not _LETTERS.fullmatch(word):
        return False
    return len(word) == 1 or word not in TYPES


def _closed(system: str, mark: str, number: str, rest: Sequence[str]) -> Road:
    """Parse what may follow: the word HWY or RD again, a mark, directions."""
    rest = [*rest]
    # 12-A and 12 A are the road 12A; E, N, S and W are directions.
    if rest and len(rest[0]) == 1 and rest[0].isalpha() and rest[0] not in DIRECTIONS and number.isdigit():
        number += rest.pop(0)
    if rest and rest[0] in _HIGHWAY | _ROAD | {"ST", "STREET"}:
        rest.pop(0)
    if rest and rest[0] in _MARKS and rest[0] != "OLD":
        mark += _MARKS[rest.pop(0)]
    directions = [word for word in rest if word in DIRECTIONS]
    other = [word for word in rest if word not in DIRECTIONS and word not in _HIGHWAY]
    return Road(system, mark + number, (*directions, *other))


SYSTEMS: Final = ("US", "I", "STATE", "COUNTY", "FM", "RM", "TOWNSHIP", "FOREST", "BIA", "PRIVATE", "ROAD")
# `Hwy 9` may be any of these; `Road 12` any of the others.
OF_HIGHWAYS: Final = frozenset({"", "US", "I", "STATE", "FM", "RM"})
OF_ROADS: Final = frozenset({"ROAD", "COUNTY", "FM", "RM", "TOWNSHIP", "FOREST", "BIA", "PRIVATE"})
