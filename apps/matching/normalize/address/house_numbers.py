"""Parse house numbers in every form of the United States at the beginning of a street line."""

import re
from typing import Final, NamedTuple

from apps.matching.normalize.address.number_words import read_number
from apps.matching.normalize.address.vocabulary import DIRECTIONS, TYPES

_END: Final = r"(?=[\s,.;#]|$)"
# W148 N9748 and similar forms; the coordinates of a grid, with or without spaces.
_GRID: Final = re.compile(rf"([NSEW])[ -]?(\d{{1,5}})[ -]?([NSEW])[ -]?(\d{{1,6}}){_END}")
# 39W123, 5N045; with spaces on both sides 39 W 123 is also a number and a street: see `_is_grid_street`.
_MIDDLE: Final = re.compile(rf"(\d{{1,3}})([ -]?)([NSEW])([ -]?)(\d{{2,5}}){_END}")
_PREFIX: Final = re.compile(rf"([NSEW])[ -]?(\d{{2,6}}){_END}")
_FRACTION: Final = re.compile(rf"(\d+)(?: +|-| +- +)?([1-7]/[2-8]){_END}")
_DOUBLE: Final = re.compile(rf"(\d+) ?/ ?(\d+){_END}")
_HYPHEN: Final = re.compile(rf"(\d+)-(\d+)-?([A-Z]?){_END}")
_LETTER: Final = re.compile(rf"(\d+)-?([A-Z]){_END}")
_DASHED_LETTER: Final = re.compile(rf"(\d+) - ?([A-Z]){_END}")
# 121 A MAIN ST. E, N, S and W are directions, and from I on a letter is more often an initial of the street's name.
_SPACED_LETTER: Final = re.compile(r"(\d+) ([A-DFGH])(?= )")
_PLAIN: Final = re.compile(rf"(\d+){_END}")
_NUMBER_SIGN: Final = re.compile(r"(?:NO|NUM|NR)\.? ?(?=\d)")
_WORD: Final = re.compile(r"[A-Z0-9]+")


class HouseNumber(NamedTuple):
    """A normalized number and the single letter after it: 121-A is 121 and A; 208½ is `208 1/2`."""

    number: str
    letter: str = ""


NONE: Final = HouseNumber("")


def split_house_number(line: str) -> tuple[HouseNumber, str]:
    """Return the number at the beginning of a folded line, and the rest; NONE and the line if it has none."""
    line = line.lstrip(" .,")
    if found := _NUMBER_SIGN.match(line):
        line = line[found.end() :]
    number, end = _read(line)
    return number, line[end:].lstrip(" .,") if end else line


def _read(line: str) -> tuple[HouseNumber, int]:
    if not line[:1].isdigit():
        return _lettered_grid(line) or _in_words(line)
    return _split_by_letter(line) or _with_mark(line) or _plain(line)


def _lettered_grid(line: str) -> tuple[HouseNumber, int] | None:
    if line[:1] not in ("N", "S", "E", "W"):
        return None
    if (found := _GRID.match(line)) and not _is_grid_street(line[found.end() :]):
        return HouseNumber("".join(found.groups())), found.end()
    if (found := _PREFIX.match(line)) and not _is_grid_street(line[found.end() :]):
        return HouseNumber(found[1] + found[2]), found.end()
    return None


def _is_grid_street(rest: str) -> bool:
    """Return whether `E 1160` continues as the street E 1160 S."""
    return bool(rest.strip(" ,.")) and _only_street_words(rest)


def _split_by_letter(line: str) -> tuple[HouseNumber, int] | None:
    found = _MIDDLE.match(line)
    if not found or (found[2] == " " and _on_grid_street(line[found.end() :])):
        return None
    return HouseNumber(found[1] + found[3] + found[5]), found.end()


def _on_grid_street(rest: str) -> bool:
    """Return whether `10 S 200` continues as the street 200 W or 200 St rather than with a street name."""
    words = _WORD.findall(rest)
    return not words or words[0] in DIRECTIONS or words[0] in TYPES or words[0] == "MILE" or words[0][0].isdigit()


def _with_mark(line: str) -> tuple[HouseNumber, int] | None:
    if found := _FRACTION.match(line):
        return HouseNumber(f"{_trimmed(found[1])} {found[2]}"), found.end()
    if found := _DOUBLE.match(line):
        return HouseNumber(f"{_trimmed(found[1])}/{_trimmed(found[2])}"), found.end()
    if found := _HYPHEN.match(line):
        return HouseNumber(f"{_trimmed(found[1])}-{found[2]}", found[3]), found.end()
    if found := _LETTER.match(line) or _DASHED_LETTER.match(line):
        return HouseNumber(_trimmed(found[1]), found[2]), found.end()
    if (found := _SPACED_LETTER.match(line)) and _is_letter_of_number(line[found.end() :]):
        return HouseNumber(_trimmed(found[1]), found[2]), found.end()
    return None


def _is_letter_of_number(rest: str) -> bool:
    """Return whether a letter belongs to the number: in 121 A MAIN ST it does, in 121 A ST and 121 A B HILL RD not."""
    words = _WORD.findall(rest.split(",", maxsplit=1)[0])
    if not words or (words[0] in TYPES and words[0] not in ("CALLE", "PARK", "LAKE", "LK", "MTN", "MOUNTAIN")):
        return False
    if len(words) == 1 and words[0] in DIRECTIONS:
        return False
    return len(words[0]) > 1 or words[0] in DIRECTIONS


def _plain(line: str) -> tuple[HouseNumber, int]:
    if found := _PLAIN.match(line):
        return HouseNumber(_trimmed(found[1])), found.end()
    return NONE, 0


def _in_words(line: str) -> tuple[HouseNumber, int]:
    """Return a number written as a word before a name: ELEVEN WALL ST."""
    if line[:1] not in _FIRST_LETTERS:
        return NONE, 0
    words = [(found[0], found.end()) for found in _WORD.finditer(line)][:8]
    number, taken = read_number([word for word, _ in words])
    if not taken or words[taken - 1][0].endswith(_ORDINAL_ENDINGS) or _only_street_words(line[words[taken - 1][1] :]):
        return NONE, 0
    return HouseNumber(str(number)), words[taken - 1][1]


_FIRST_LETTERS: Final = frozenset("OTFSEN")
_ORDINAL_ENDINGS: Final = ("ST", "ND", "RD", "TH")


def _only_street_words(rest: str) -> bool:
    """Return whether only directions and types remain, so that the number is the street's name."""
    return all(word in DIRECTIONS or word in TYPES for word in _WORD.findall(rest.split(",", maxsplit=1)[0]))


def _trimmed(digits: str) -> str:
    return digits.lstrip("0") or "0"
