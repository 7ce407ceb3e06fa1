"""A typed address to its parts: the regular forms by one expression, the rest by usaddress (about 40 times
slower).
"""

import re
from typing import Final, NamedTuple

import usaddress


class ParsedAddress(NamedTuple):
    """The parts that a look-up uses; empty where the text has none. `zip` has five digits."""

    number: str
    street: str
    city: str = ""
    state: str = ""
    zip: str = ""


_REGULAR: Final = re.compile(
    r"\s*(?P<number>[A-Z]?\d[\w-]*(?: \d/\d)?)\s+(?P<street>[^,#]+?)"
    r"(?:[\s,]+(?:(?:apt|apartment|unit|no|ste|suite|lot|rm|room|trlr|bldg|fl|floor)\b\.?|#)[^,]*)?"
    r",\s*(?:(?P<city>[^,\d]+?)[\s,]+)?(?P<state>[A-Z]{2})?[\s,]*(?P<zip>\d{5})(?:-?\d{4})?\s*",
    re.IGNORECASE,
)
_STREET_PARTS: Final = ("StreetNamePreModifier", "StreetNamePreDirectional", "StreetNamePreType", "StreetName",
                        "StreetNamePostType", "StreetNamePostDirectional")  # fmt: skip
LONGEST: Final = 300


def parse_address(text: str) -> ParsedAddress:
    """Takes a one-line address apart. Never raises; parts that are not there stay empty."""
    text = " ".join(text[:LONGEST].split())
    match = _REGULAR.fullmatch(text)
    if match:
        return ParsedAddress(*(match[name] or "" for name in ParsedAddress._fields))
    parts: dict[str, list[str]] = {}
    for word, label in usaddress.parse(text):
        parts.setdefault(label, []).append(word.strip(" ,;"))
    street = [word for label in _STREET_PARTS for word in parts.get(label, ())]
    number = [*parts.get("AddressNumberPrefix", ()), *parts.get("AddressNumber", ())]
    return ParsedAddress(
        "".join(number),
        " ".join(street),
        " ".join(parts.get("PlaceName", ())),
        " ".join(parts.get("StateName", ())),
        "".join(parts.get("ZipCode", ()))[:5],
    )
