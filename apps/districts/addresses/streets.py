"""Street names and house numbers in one spelling, so that what people type meets what files hold.

The short forms are those of the United States Postal Service (Publication 28), cut to the ones in common use.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

# fmt: off
SHORT_TYPES: Final = (
    "aly", "ave", "blvd", "br", "byp", "cir", "ct", "cv", "crk", "cres", "dr", "expy", "ext", "fwy", "hl",
    "hwy", "holw", "jct", "ln", "loop", "mnr", "mdw", "mtn", "park", "pass", "path", "pike", "pkwy", "pl",
    "plz", "pt", "rd", "rdg", "row", "rte", "run", "sq", "st", "sta", "ter", "tpke", "trl", "trce", "vly",
    "vw", "vlg", "walk", "way", "xing",
)
# fmt: on
TYPES: Final = {short: short for short in SHORT_TYPES} | {
    "alley": "aly",
    "av": "ave",
    "avenue": "ave",
    "boul": "blvd",
    "boulevard": "blvd",
    "branch": "br",
    "bypass": "byp",
    "circle": "cir",
    "court": "ct",
    "cove": "cv",
    "creek": "crk",
    "crescent": "cres",
    "crossing": "xing",
    "drive": "dr",
    "expressway": "expy",
    "extension": "ext",
    "freeway": "fwy",
    "hill": "hl",
    "highway": "hwy",
    "hollow": "holw",
    "junction": "jct",
    "lane": "ln",
    "manor": "mnr",
    "meadow": "mdw",
    "mountain": "mtn",
    "parkway": "pkwy",
    "place": "pl",
    "plaza": "plz",
    "point": "pt",
    "ridge": "rdg",
    "road": "rd",
    "route": "rte",
    "square": "sq",
    "station": "sta",
    "street": "st",
    "str": "st",
    "terrace": "ter",
    "trace": "trce",
    "trail": "trl",
    "turnpike": "tpke",
    "valley": "vly",
    "view": "vw",
    "village": "vlg",
}
DIRECTIONS: Final = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
} | {short: short for short in ("n", "s", "e", "w", "ne", "nw", "se", "sw")}
WORDS: Final = {"saint": "st", "mount": "mt", "fort": "ft", "county": "co", "state": "st", "united": "us"}
NUMBERED: Final = {
    word: f"{number}{'th' if number > 3 else ('', 'st', 'nd', 'rd')[number]}"
    for number, word in enumerate(
        ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    )
    if word
}
_NOT_WORD = re.compile(r"[^\w\s]+")
_HOUSE = re.compile(r"^([A-Z]*\d*[A-Z-]+)?(\d+)(?:[ -]?(?:[A-Z]|\d/\d))?$")


class Street(NamedTuple):
    """A street in one spelling: `key` is the whole name, `core` lacks its direction and type."""

    key: str
    core: str


class HouseNumber(NamedTuple):
    """'N6W23001' is ('N6W', 23001), '12-34' is ('12-', 34), '123 1/2' and '123A' are ('', 123)."""

    prefix: str
    number: int


@lru_cache(50_000)
def street(name: str) -> Street:
    """Spells a street's name in the one way."""
    words = _NOT_WORD.sub(" ", name.lower().replace("'", "").replace(".", "")).split()
    words = [NUMBERED.get(word, word) for word in words]
    start = 1 if len(words) > 1 and words[0] in DIRECTIONS and not _is_type_alone(words) else 0
    end = len(words) - 1 if len(words) - start > 1 and words[-1] in DIRECTIONS else len(words)
    middle = words[start:end]
    kind = [TYPES[middle.pop()]] if len(middle) > 1 and middle[-1] in TYPES else []
    core = [WORDS.get(word, TYPES.get(word, word)) for word in middle]
    before = [DIRECTIONS[word] for word in words[:start]]
    after = [DIRECTIONS[word] for word in words[end:]]
    return Street(" ".join([*before, *core, *kind, *after]), " ".join(core))


def _is_type_alone(words: list[str]) -> bool:
    """'North Street' and 'East Ave' are streets called North and East."""
    return len(words) == 2 and words[1] in TYPES


@lru_cache(50_000)
def house_number(text: str) -> HouseNumber | None:
    """Takes a house number apart; None where there is no number in it."""
    match = _HOUSE.match(text.strip().upper())
    return HouseNumber(match[1] or "", int(match[2])) if match else None
