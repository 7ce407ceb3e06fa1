"""Parse apartments, lots and suites anywhere on a street line."""

import re
from typing import Final

from apps.matching.normalize.address.number_words import read_number
from apps.matching.normalize.address.vocabulary import DIRECTIONS, TYPES

_DESIGNATORS: Final = (
    "APARTAMENTO|APARTMENT|APTO|APT|UNIT|SUITE|STE|LOT|ROOM|RM|TRAILER|TRLR|SPACE|SPC|SLIP|NUM|NO|PENTHOUSE|PH|OFC|OFICINA|"
    "DEPARTMENT|DEPT|HNGR|BUILDING|BLDG|EDIFICIO|EDIF|FLOOR|FL|PISO"
)
# In "Bldg 3 Apt 5" the apartment is the unit.
_OUTER: Final = frozenset({"BUILDING", "BLDG", "EDIFICIO", "EDIF", "FLOOR", "FL", "PISO"})
_UNIT: Final = re.compile(
    rf"(?:^|[\s,]+)(?:({_DESIGNATORS})\b\.?\s*(?:#|NO\.?|NUM\.?)?\s*:?\s*([A-Z0-9][A-Z0-9/-]*)|#\s*([A-Z0-9][A-Z0-9/-]*))"
    r"(?=$|[\s,.;])"
)
_GLUED: Final = re.compile(r"\b(APT|UNIT|STE|LOT)\.?#?(\d+[A-Z]?)\b")
_NTH_FLOOR: Final = re.compile(r"[\s,]+(\d+)(?:ST|ND|RD|TH)\s+(?:FLOOR|FLR|FL)\b\.?")
PLACES: Final = {
    "REAR": "REAR", "BSMT": "BSMT", "BASEMENT": "BSMT", "FRNT": "FRNT", "FRONT": "FRNT", "UPPR": "UPPR",
    "UPPER": "UPPR", "UPSTAIRS": "UPPR", "LOWR": "LOWR", "LOWER": "LOWR", "DOWNSTAIRS": "LOWR", "PH": "PH",
}  # fmt: skip
_PLACE: Final = re.compile(rf"[\s,]+({'|'.join(PLACES)})\.?\s*$")
_MAY_HOLD: Final = re.compile(rf"#|\b(?:{_DESIGNATORS}|{'|'.join(PLACES)}|FLR)|\bAPT\d")
_TRAILING_TYPE: Final = re.compile(r"([A-Z]+)\.?,?\s*$")


def split_unit(text: str) -> tuple[str, str]:
    """Return a street line without its unit, and the unit's own number or letter: APT 05-B is 5B."""
    if not _MAY_HOLD.search(text):
        return text, ""
    text = _GLUED.sub(r"\1 \2", text)
    found: list[tuple[bool, str]] = []
    at = 0
    while match := _UNIT.search(text, at):
        value = match[2] or match[3]
        if not _is_unit(match, value, text):
            at = match.start(2)
            continue
        found.append((match[1] in _OUTER, value))
        text = f"{text[: match.start()]} {text[match.end() :]}".strip(" ,.")
        at = max(0, match.start() - 1)
    if match := _NTH_FLOOR.search(text):
        found.append((True, match[1]))
        text = f"{text[: match.start()]} {text[match.end() :]}".strip(" ,.")
    if (match := _PLACE.search(text)) and _ends_with_type(text[: match.start()]):
        found.append((True, PLACES[match[1]]))
        text = text[: match.start()]
    return text, _chosen(found)


def _is_unit(match: re.Match[str], value: str, text: str) -> bool:
    """Return whether the text after a designator is a unit: SPACE CENTER BLVD and STE ANNE ST are streets."""
    if not match[1]:
        return True
    short = any(sign.isdigit() for sign in value) or (len(value) <= 2 and (len(value) == 1 or value not in TYPES))
    if match[1] in ("APARTMENT", "APT", "APTO", "APARTAMENTO", "UNIT"):
        # A name may be a unit, "Apt Rear", but "Unit Rd" is a street.
        return short or (value in PLACES) or (value not in TYPES and not text[match.end() :].strip(" .,"))
    if match[1] in ("FL", "NO", "PH", "LOT", "SPACE", "FLOOR", "ROOM", "RM", "SLIP") and not match.start():
        # At the beginning of a line these are a unit only before a house number.
        return short and bool(re.match(r"[\s,]+\d", text[match.end() :]))
    after = text[match.end() :].strip(" .,").split(" ")[0]
    if len(value) == 1 and value in DIRECTIONS and after:
        return False  # NO N ST
    return short and after not in TYPES


def _ends_with_type(text: str) -> bool:
    found = _TRAILING_TYPE.search(text)
    return bool(found and (found[1] in TYPES or found[1] in DIRECTIONS))


def _chosen(found: list[tuple[bool, str]]) -> str:
    inner = [value for outer, value in found if not outer]
    value = inner[-1] if inner else found[-1][1] if found else ""
    spelled = read_number([value])[0] if value.isalpha() and len(value) > 2 else 0
    return str(spelled) if spelled else value.replace("-", "").lstrip("0") or value[:1]


_FRONT: Final = re.compile(
    rf"(?:(?:{_DESIGNATORS})\b\.?\s*(?:#|NO\.?|NUM\.?)?\s*:?\s*|#\s*)([A-Z0-9-]*\d[A-Z0-9-]*|[A-Z]{{1,2}})"
    r"[\s,:-]*(?=$|\d|[NSEW]\d|ONE |TWO )"
)


_FRONT_FLOOR: Final = re.compile(r"(\d+)(?:ST|ND|RD|TH)\s+(?:FLOOR|FLR|FL)\b\.?[\s,-]*(?=$|\d)")


def split_front_unit(part: str) -> tuple[str, str] | None:
    """Return the unit before a house number, and the rest: `APT 5 12 OAK ST`; None without one."""
    if floor := _FRONT_FLOOR.match(part):
        return floor[1], part[floor.end() :]
    found = _FRONT.match(part)
    if not found or (
        part.startswith(("NO ", "NO. ", "NUM")) and found.end() < len(part) and not part.startswith("NO #")
    ):
        return None
    if found.end() < len(part) and not re.search(r"[A-Z]{2}", part[found.end() :]):
        return None
    return _chosen([(False, found[1])]), part[found.end() :]
