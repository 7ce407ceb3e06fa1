"""An address as a call writes it to a place: a street address, a ZIP code alone, or `latitude, longitude`."""

import re
from dataclasses import dataclass
from typing import Final

from apps.districts import lookup
from apps.districts.addresses.parse import parse_address

from .errors import inexact_address, nothing_there, unclear_address

ZIP: Final = re.compile(r"(\d{5})(-\d{4})?")
POINT: Final = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True)
class QueriedPlace:
    """Where an address is: as we read it (`line1`, `city`, `state`, `zip`), and every division there."""

    normalized: dict[str, str]
    hits: list[lookup.DistrictHit]

    @property
    def ids(self) -> list[str]:
        """The divisions' ids."""
        return [hit.ocd_id for hit in self.hits]


def place_of(address: str) -> QueriedPlace:
    """Return the place of an address. Raises CivicError where it is unclear, or no loaded file has it."""
    if match := POINT.fullmatch(address):
        return _made({}, lookup.districts_at(float(match[2]), float(match[1])))
    if match := ZIP.fullmatch(address):
        shares = lookup.districts_for_zip(match[1])
        return _made({"zip": match[1]}, {layer: [each.hit for each in some] for layer, some in shares.items()})
    found = lookup.districts_for_address(address)
    if isinstance(found.answer, lookup.Choices):
        raise inexact_address(found.answer.question) if found.answer.only else unclear_address()
    if isinstance(found.answer, lookup.NotFound):
        typed = parse_address(address)
        raise nothing_there() if typed.number and typed.street else unclear_address()
    place = found.answer
    parts = {"line1": f"{place.number} {place.street}".strip(), "city": place.city, "zip": place.zip}
    return _made(parts, found.districts)


def _made(parts: dict[str, str], found: lookup.Districts) -> QueriedPlace:
    # A layer that was loaded under ids of another kind has no place in an answer whose keys are OCD ids.
    hits = [hit for some in found.values() for hit in some if hit.ocd_id.startswith("ocd-division/")]
    if not hits:
        raise nothing_there()
    states = {
        match[1].upper() for hit in hits if (match := re.search(r"/(?:state|district|territory):(\w\w)", hit.ocd_id))
    }
    state = {"state": states.pop()} if len(states) == 1 else {}
    return QueriedPlace({key: value for key, value in (parts | state).items() if value}, hits)
