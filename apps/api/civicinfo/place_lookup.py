"""Look up the address of a call: a street address, a ZIP code alone, or `latitude, longitude`."""

import re
from dataclasses import dataclass
from typing import Final

from apps.districts import lookup
from apps.districts.addresses.parse import parse_address

from .errors import inexact_address_error, not_found_error, unclear_address_error

ZIP_PATTERN: Final = re.compile(r"(\d{5})(-\d{4})?")
POINT_PATTERN: Final = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True)
class QueriedPlace:
    """An address as parsed (`line1`, `city`, `state`, `zip`), and every division that contains it."""

    normalized: dict[str, str]
    hits: list[lookup.DistrictHit]

    @property
    def ids(self) -> list[str]:
        """Return the divisions' OCD ids."""
        return [hit.ocd_id for hit in self.hits]


def find_place(address: str) -> QueriedPlace:
    """Return the place of an address; raise CivicError if it is ambiguous or in no loaded file."""
    if match := POINT_PATTERN.fullmatch(address):
        return _queried_place({}, lookup.districts_at(float(match[2]), float(match[1])))
    if match := ZIP_PATTERN.fullmatch(address):
        shares = lookup.districts_for_zip(match[1])
        hits_by_layer = {layer: [share.hit for share in layer_shares] for layer, layer_shares in shares.items()}
        return _queried_place({"zip": match[1]}, hits_by_layer)
    found = lookup.districts_for_address(address)
    if isinstance(found.answer, lookup.Choices):
        raise inexact_address_error(found.answer.question) if found.answer.only else unclear_address_error()
    if isinstance(found.answer, lookup.NotFound):
        parsed = parse_address(address)
        raise not_found_error() if parsed.number and parsed.street else unclear_address_error()
    place = found.answer
    parts = {"line1": f"{place.number} {place.street}".strip(), "city": place.city, "zip": place.zip}
    return _queried_place(parts, found.districts)


def _queried_place(parts: dict[str, str], districts: lookup.Districts) -> QueriedPlace:
    # A response's keys are OCD ids, so layers loaded with other ids are left out.
    hits = [hit for layer_hits in districts.values() for hit in layer_hits if hit.ocd_id.startswith("ocd-division/")]
    if not hits:
        raise not_found_error()
    states = {
        match[1].upper() for hit in hits if (match := re.search(r"/(?:state|district|territory):(\w\w)", hit.ocd_id))
    }
    state = {"state": states.pop()} if len(states) == 1 else {}
    return QueriedPlace({key: value for key, value in (parts | state).items() if value}, hits)
