"""Parse an address into the parts that a lookup uses, by the project's one normalizer."""

from typing import Final, NamedTuple

from apps.matching.normalize.address import parse_address as parts_of
from apps.matching.normalize.address.boxes import is_box

LONGEST: Final = 300


class ParsedAddress(NamedTuple):
    """The parts that a lookup uses; empty if missing. `zip` has five digits."""

    number: str
    street: str
    city: str = ""
    state: str = ""
    zip: str = ""


def parse_address(text: str) -> ParsedAddress:
    """Return the parts of a one-line address. Never raises. A post office box has no house number."""
    found = parts_of(text[:LONGEST])
    number = "" if is_box(found.street.core) else found.house_number
    return ParsedAddress(number, found.name, found.city, found.state, found.zip)
