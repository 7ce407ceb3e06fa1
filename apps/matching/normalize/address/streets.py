"""Parse a street's name into direction, core, type, direction. Does not parse house numbers and cities."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from apps.matching.normalize.address.number_words import with_digits
from apps.matching.normalize.address.roads import read_road
from apps.matching.normalize.address.vocabulary import ALIASES, DIRECTIONS, FRONT_TYPES, SHORT, TYPES

ROAD: Final = "#"  # begins the core of a numbered road
LETTER: Final = "*"  # precedes a letter or number that is the whole name: A St, Calle 5


class Street(NamedTuple):
    """The parts of a street, upper-case. `core` is the name without spaces: 12, MAIN, STJAMES, AVE*B.

    The core of a numbered road is # and its number, with the system (US, STATE, COUNTY, ...) as `kind`; the kind of
    any other street is its type (ST, AVE), empty if it has none.
    """

    before: str = ""
    core: str = ""
    kind: str = ""
    after: str = ""


NOWHERE: Final = Street()
_INITIALS: Final = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
_NOT_WORD: Final = re.compile(r"[^A-Z0-9]+")
_GLUED: Final = re.compile(r"(\w{3,}?)(?:STREET|PLACE|AVENUE|DRIVE|COURT|CIRCLE|TERRACE|CRESCENT)$")  # a missing space
_NUMBER_BEHIND: Final = re.compile(r"([A-Z]{1,4})-?(\d{1,5}[A-Z]?)")
_DIRECTION_PAIRS: Final = {(a, b): a + b for a in "NS" for b in "EW"}
_WITHIN: Final = {word: short for word, short in TYPES.items() if word != "LA"}  # Calle de la Luna
_ALIASES: Final = tuple((tuple(long.split()), short) for long, short in ALIASES)


def split_words(text: str) -> list[str]:
    """Return the words of folded text. O'NEIL and U.S. are one word each."""
    return _NOT_WORD.sub(" ", _INITIALS.sub(r"\1", text).replace("'", "").replace("U.S.", "US ")).split()


@lru_cache(300_000)
def read_street(text: str) -> Street:
    """Return the street of folded text without number, unit and city; NOWHERE for empty text."""
    words = split_words(text)
    return street_of(words) if words else NOWHERE


def street_of(words: Sequence[str]) -> Street:
    """Return the street of some words."""
    before, rest = _take_before(list(words))
    if len(rest) > 1 and (road := _numbered(rest)):
        return road._replace(before=before)
    if before and len(words) > 2 and (road := _numbered(list(words))):
        return road  # `S R 9`, where the S is no direction
    rest, after = _take_after(rest)
    rest, kind = _take_type(rest)
    if kind and not after and len(rest) == 2 and rest[0].isdigit() and rest[1] in DIRECTIONS:
        rest, after = rest[:1], DIRECTIONS[rest[1]]  # E 1500 North Rd
    if not kind and not after and len(rest) == 1 and (glued := _GLUED.match(rest[0])):
        suffix = rest[0][len(glued[1]) :]
        rest, kind = [glued[1]], TYPES[suffix]
    return Street(before, _core(rest, kind), kind, after)


def _numbered(words: list[str]) -> Street | None:
    # US-64, NC42: number and system in one word.
    if (
        (glued := _NUMBER_BEHIND.fullmatch(words[0]))
        and read_road([glued[1], glued[2]])
        and glued[1] not in ("N", "S", "E", "W")
    ):
        words = [glued[1], glued[2], *words[1:]]
    road = read_road(words)
    if road is None:
        return None
    after = "".join(DIRECTIONS[word] for word in road.rest if word in DIRECTIONS)
    if any(word not in DIRECTIONS for word in road.rest):
        # HIGHWAY 9 ESTATES LN is an ordinary name.
        return None if road.rest[-1] in TYPES else Street("", f"{ROAD}{road.number}", road.system, after)
    return Street("", f"{ROAD}{road.number}", road.system, after)


def _take_before(words: list[str]) -> tuple[str, list[str]]:
    """Return the direction before the name, and the rest, which must not be empty: NORTH ST and N ST are street
    names.
    """
    if len(words) < 2 or words[0] not in DIRECTIONS:
        return "", words
    if words[1] in TYPES and all(word in DIRECTIONS for word in words[2:]):
        return "", words
    first = DIRECTIONS[words[0]]
    second = DIRECTIONS.get(words[1], "")
    pair = _DIRECTION_PAIRS.get((first, second))
    if pair and len(words) > 2 and not (len(words) == 3 and words[2] in TYPES):
        return pair, words[2:]
    return first, words[1:]


def _take_after(words: list[str]) -> tuple[list[str], str]:
    """Return words without the directions after them, and these."""
    if len(words) < 2 or words[-1] not in DIRECTIONS:
        return words, ""
    if len(words) == 2 and words[0] in TYPES and len(words[1]) == 1:
        return words, ""  # AVENUE N
    last = DIRECTIONS[words[-1]]
    pair = _DIRECTION_PAIRS.get((DIRECTIONS.get(words[-2], ""), last))
    if pair and len(words) > 2:
        return words[:-2], pair
    return words[:-1], last


def _take_type(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 1 and words[-1] in TYPES:
        return words[:-1], TYPES[words[-1]]
    if len(words) > 1 and TYPES.get(words[0]) in FRONT_TYPES and not _is_mark(words[1:]):
        return words[1:], TYPES[words[0]]
    return words, ""


def _is_mark(words: list[str]) -> bool:
    """Return whether a single letter or number is the whole name: AVENUE B, CALLE 5."""
    return len(words) == 1 and (len(words[0]) == 1 or words[0].isdigit())


def _core(words: list[str], kind: str) -> str:
    if len(words) == 1 and len(words[0]) == 1 and kind:
        return LETTER + words[0]
    if len(words) == 2 and TYPES.get(words[0]) in FRONT_TYPES and _is_mark(words[1:]):
        return f"{TYPES[words[0]]}{LETTER}{words[1]}"
    words = _with_aliases(with_digits(words))
    return "".join(SHORT.get(word) or _WITHIN.get(word) or word for word in words)


def _with_aliases(words: list[str]) -> list[str]:
    if len(words) < 2:
        return words
    for long, short in _ALIASES:
        size = len(long)
        for at in range(len(words) - size + 1):
            if tuple(words[at : at + size]) == long:
                words = [*words[:at], short, *words[at + size :]]
                break
    if "MLK" in words:
        words = [word for word in words if word not in ("JR", "JUNIOR", "DR", "DOCTOR", "REV", "REVEREND")]
    return words
