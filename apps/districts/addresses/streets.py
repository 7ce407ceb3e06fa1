"""Normalize street names and house numbers, so that queries match files.

The spelling is the normalizer's. A change of it needs a higher SPELLING in `store`.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from apps.matching.normalize.address import read_street
from apps.matching.normalize.address.house_numbers import split_house_number
from apps.matching.normalize.characters import fold

_LAST_NUMBER: Final = re.compile(r"(.*?)(\d+)(/\d+| \d/\d)?$")


class Street(NamedTuple):
    """A street in one spelling: `key` is the whole name, `core` lacks its direction and type."""

    key: str
    core: str


class HouseNumber(NamedTuple):
    """'N6W23001' is ('N6W', 23001), '12-34' is ('12-', 34); '123 1/2' and '123A' have the suffixes ' 1/2' and 'A'."""

    prefix: str
    number: int
    suffix: str = ""

    @property
    def text(self) -> str:
        """Return the number as usually written."""
        return f"{self.prefix}{self.number}{self.suffix}"


@lru_cache(50_000)
def street(name: str) -> Street:
    """Return a street's name in normalized spelling."""
    found = read_street(fold(name))
    return Street(" ".join(part for part in found if part).lower(), found.core.lower())


@lru_cache(50_000)
def house_number(text: str) -> HouseNumber | None:
    """Parse a house number; None without a number, or with other text."""
    (number, letter), rest = split_house_number(" ".join(fold(text).split()))
    match = _LAST_NUMBER.fullmatch(number)
    if rest or not match:
        return None
    if "/" in number and " " not in number:
        first, _, second = number.partition("/")
        return HouseNumber("", int(first), f"/{second}")
    return HouseNumber(match[1], int(match[2]), (match[3] or "") + letter)
