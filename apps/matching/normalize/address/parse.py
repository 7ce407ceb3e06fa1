"""Parse an address on one line or many into its parts; the only parser of addresses.

usaddress parses what the rules cannot. `read_address` has a fast path for plain lines, which must return what
`parse_address` does (tests/matching/test_address_parsing.py compares both).
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from apps.matching.normalize.address.boxes import read_box, without_box
from apps.matching.normalize.address.city_state_zip import split_area, split_city, split_state, split_state_zip
from apps.matching.normalize.address.house_numbers import NONE, HouseNumber, split_house_number
from apps.matching.normalize.address.streets import NOWHERE, Street, read_street, split_words
from apps.matching.normalize.address.units import PLACES, split_front_unit, split_unit
from apps.matching.normalize.address.vocabulary import DIRECTIONS, STRONG_TYPES, TYPES
from apps.matching.normalize.characters import fold


class Address(NamedTuple):
    """The parts of an address, upper-case, empty where the text has none.

    `number` is `121`, `208 1/2`, `34-56`, `W148N9748`, `12/14`; `letter` is the A of 121A. `area` is an urbanization of
    Puerto Rico. `name` is the street as written. `zip` has five digits.
    """

    number: str = ""
    letter: str = ""
    street: Street = NOWHERE
    unit: str = ""
    area: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    name: str = ""

    @property
    def house_number(self) -> str:
        """Return the whole number as usually written: 121A, 208 1/2."""
        return self.number + self.letter


EMPTY: Final = Address()
# After a number: perhaps a direction, and a word of three letters or an ordinal; nothing that a special rule parses.
_PLAIN: Final = re.compile(r"(?:[NSEW] |[NS][EW] )?(?:[A-Z]{3,}|\d{1,3}(?:ST|ND|RD|TH)) [A-Z][A-Z #.0-9]{0,60}")
_NOT_PLAIN: Final = re.compile(r"\d{5}|\b(?:BOX|BX|DRAWER|URB|URBANIZACION|BDA|BARRIADA|BARRIO|PARC|PARCELAS|KM)\b|  ")
_BARE_UNIT: Final = re.compile(r"#?\d{1,4}[A-Z]?|#?[A-Z]\d{1,4}")
_BEHIND: Final = re.compile(r"(.*[A-Z].*?)[ ,]+(\d{1,5})([A-Z]?)(?: ?[/-] ?(\w{1,5}))?")
_SEPARATORS: Final = str.maketrans(";()|", ",,,,")
_CARE_OF: Final = re.compile(r"(?:^|[\s,]+)(?:C/O|ATTN:?|ATTENTION:)\s[^,]*")
_JUNIOR: Final = re.compile(r",\s*(JR|SR)\b")  # Martin Luther King, Jr. Blvd
_KILOMETRE: Final = re.compile(r"[\s,]+KM\.?\s*(\d+(?:\.\d+)?)\b.*$")


def read_address(text: str) -> Address:
    """Return the parts of an address; never raises. Fast for plain lines, as most of a roll's are."""
    if not text:
        return EMPTY
    number, _, rest = text.partition(" ")
    if text.isascii() and number.isdigit() and len(number) <= 6 and number not in rest and (plain := _plain(rest)):
        return Address(number.lstrip("0") or "0", *plain[1:])
    return parse_address(text)


@lru_cache(300_000)
def _plain(rest: str) -> Address | None:
    """Return an address without its number if no special rule applies to the text after the number."""
    line = rest.upper().rstrip(" ")
    if not rest.isascii() or not _PLAIN.fullmatch(line) or _NOT_PLAIN.search(line):
        return None
    street, unit, name = _street_and_unit(line)
    if not street.core:  # usaddress may find a street where the rules find none
        return None
    return Address("", "", street, unit, name=name)


def _street_and_unit(rest: str) -> tuple[Street, str, str]:
    """Return street, unit and the street's words from the text after a number."""
    line, unit = split_unit(rest)
    line, bare = _split_bare_unit(line.strip(" ,."))
    return read_street(line), unit or bare, line


def _split_bare_unit(line: str) -> tuple[str, str]:
    """Split off a unit without designator: `12TH AVE 709`, `MAIN ST NW 5B`."""
    head, _, tail = line.rpartition(" ")
    if not (tail[:1].isdigit() or (len(tail) == 1 and tail not in DIRECTIONS)) or tail[-2:] in ("ST", "ND", "RD", "TH"):
        return line, ""
    words = split_words(head)
    if len(words) < 2 or len(tail) > 6 or words[0] in TYPES:
        return line, ""
    at = -2 if words[-1] in DIRECTIONS and len(words) > 2 else -1
    named = any(word not in DIRECTIONS for word in words[:at])
    # A letter after a weak type usually belongs to the name: Goat Mountain F.
    types = TYPES if tail[:1].isdigit() else STRONG_TYPES
    if TYPES.get(words[at]) not in types or not named or read_street(line).core[:1] == "#":
        return line, ""
    return head, tail.replace("-", "").lstrip("0") or tail


def parse_address(text: str) -> Address:
    """Return the parts of an address by all rules, and by usaddress if these find no number or no street.

    Some 20 microseconds. Not cached: people's full addresses must not stay in a process's memory.
    """
    line = _one_line(text)
    if box := read_box(line):
        return Address(box[0], street=Street(core=box[1]))
    body, state, zip_code = split_state_zip(without_box(line))
    found = _body(body, has_tail=bool(state or zip_code))
    if (not found.number or not found.street.core) and any(sign.isdigit() for sign in body) and " " in body:
        found = _irregular(body) or found
    return found._replace(state=found.state or state, zip=zip_code)


def _one_line(text: str) -> str:
    """Return folded text on one line, with commas between its parts and without the addressee."""
    line = fold(text.replace("\r", "\n").replace("\n", ", ")).translate(_SEPARATORS)
    return " ".join(_JUNIOR.sub(r" \1", _CARE_OF.sub(",", line)).split()).strip(" ,")


def _body(body: str, *, has_tail: bool) -> Address:
    """Return the parts of an address without state and ZIP code."""
    parts, unit, area = _from_number_on([part.strip(" .") for part in body.split(",") if part.strip(" .")])
    if not parts:
        return Address(unit=unit, area=area)
    head, own_area = split_area(parts[0])
    number, rest = split_house_number(_kilometer_first(_once(head)))
    line, own_unit = split_unit(rest)
    city, state, more_unit, more_area = _behind(parts[1:], parts[0])
    if has_tail and not city:
        line, city = split_city(line)
    line, bare = _split_bare_unit(line.strip(" ,.")) if number is not NONE else (line, "")
    if number is NONE:
        number, line, bare = _number_behind(line)
    street = read_street(line)
    units = own_unit or unit or more_unit or bare
    return Address(*number, street, units, area or own_area or more_area, city, state, name=line)


def _from_number_on(parts: list[str]) -> tuple[list[str], str, str]:
    """Drop the text before the number: a unit, an urbanization, the name of a building."""
    unit = area = ""
    while parts:
        first = parts[0]
        if first in PLACES and len(parts) > 1:
            unit, parts = PLACES[first], parts[1:]
            continue
        if found := split_front_unit(first):
            unit, first = found
            parts = [first, *parts[1:]] if first else parts[1:]
            continue
        own, found_area = split_area(first)
        if found_area and not area and not own:
            area, rest = _split_at_number(found_area, first)
            parts = [rest, *parts[1:]] if rest else parts[1:]
            continue
        number, rest = split_house_number(first)
        if number is not NONE and not rest and len(parts) > 1 and split_house_number(parts[1])[0] is NONE:
            return [f"{first} {parts[1]}", *parts[2:]], unit, area  # "12, Oak St"
        later = any(split_house_number(part)[0] is not NONE and " " in part for part in parts[1:])
        # A line that has a number anywhere, `Calle Luna 5`, is the street.
        if number is NONE and later and not any(sign.isdigit() for sign in first):
            parts = parts[1:]
            continue
        break
    return parts, unit, area


def _split_at_number(area: str, line: str) -> tuple[str, str]:
    """Return an urbanization's name up to the first number or CALLE, and the rest of the line."""
    words = line.split()[1:]
    for at, word in enumerate(words):
        if at and (word[0].isdigit() or TYPES.get(word) in ("CALLE", "AVE")):
            return "".join(split_words(" ".join(words[:at]))), " ".join(words[at:])
    return area, ""


def _once(line: str) -> str:
    """Return an address entered twice only once: `12 OAK ST 12 OAK STREET`."""
    words = line.split()
    for at in range(2, len(words) - 1):
        if words[at] != words[0] or not words[0][0].isdigit():
            continue
        first, second = (read_street(split_unit(" ".join(w))[0]) for w in (words[1:at], words[at + 1 : 2 * at]))
        if first.core and first.core == second.core and first.kind and first.kind in (second.kind, first.kind):
            tail = words[2 * at :] if second.kind == first.kind else words[2 * at + 1 :]
            return " ".join([*words[:at], *tail])
    return line


def _behind(parts: list[str], street: str) -> tuple[str, str, str, str]:
    """Return city, state, unit and area of the parts after the street, ignoring a repeated street."""
    city = state = unit = area = ""
    for part in parts:
        rest, found_unit = ("", PLACES[part]) if part in PLACES else split_unit(f"X {part}")
        if found_unit and rest.strip(" .#") in ("", "X"):
            unit = unit or found_unit
            continue
        if _BARE_UNIT.fullmatch(part):
            unit = unit or part.lstrip("0#")
            continue
        own, found_area = split_area(f"X {part}")
        if found_area and own == "X":
            area = area or found_area
            continue
        place, found_state = split_state(part)
        state = found_state or state
        if place and place != street and not any(sign.isdigit() for sign in place):
            city = city or place
    return city, state, unit, area


def _kilometer_first(line: str) -> str:
    """Return `CARR 115 KM 12.3` with the kilometer as its number."""
    if " KM" in line and (found := _KILOMETRE.search(line)) and not line[:1].isdigit():
        return f"{found[1].replace('.', '-')} {line[: found.start()]}"
    return line


def _number_behind(line: str) -> tuple[HouseNumber, str, str]:
    """Return a number after the street, the street, and a unit after a slash: `Calle Luna 150/3`."""
    found = _BEHIND.fullmatch(line.strip(" .,"))
    words = split_words(found[1]) if found else []
    if not found or not words or words[0][0].isdigit() or words[-1] in TYPES or read_street(line).core[:1] == "#":
        return NONE, line, ""
    return HouseNumber(found[2].lstrip("0") or "0", found[3]), found[1], (found[4] or "").lstrip("0")


_STREET_LABELS: Final = ("StreetNamePreModifier", "StreetNamePreDirectional", "StreetNamePreType", "StreetName",
                         "StreetNamePostType", "StreetNamePostDirectional")  # fmt: skip


def _irregular(body: str) -> Address | None:
    """Return usaddress's result, some 30 times slower than the rules; None without a number and a street."""
    import usaddress

    found: dict[str, list[str]] = {}
    for word, label in usaddress.parse(body):
        found.setdefault(label, []).append(word.strip(" ,;"))
    name = " ".join(word for label in _STREET_LABELS for word in found.get(label, ()))
    digits = "".join([*found.get("AddressNumberPrefix", ()), *found.get("AddressNumber", ())])
    number, rest = split_house_number(digits)
    if number is NONE or rest or not name:
        return None
    unit = "".join(found.get("OccupancyIdentifier", ())).lstrip("#0")
    return Address(*number, read_street(name), unit, city=" ".join(found.get("PlaceName", ())), name=name)
