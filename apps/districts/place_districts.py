"""Look up the divisions of many places: of an address, or else of a ZIP code in a single division of a layer.

Reads only public boundaries, never a voter roll.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from . import lookup

WHOLE_SHARE: Final = 0.9999
LayerDivisions = dict[str, list[str]]


class TypedPlace(NamedTuple):
    """A place as entered; any part may be empty."""

    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""

    @property
    def line(self) -> str:
        """Return the place on one line."""
        return ", ".join(x for x in (self.address, self.city, f"{self.state} {self.zip}".strip()) if x)


def divisions_of_places(places: Sequence[TypedPlace]) -> list[LayerDivisions]:
    """Return for each place the OCD ids of its divisions by layer; empty if it is unknown."""
    index = lookup.address_index()
    answers = [index.find_text(place.line) if place.address else None for place in places]
    points = [answer if isinstance(answer, lookup.AddressMatch) else None for answer in answers]
    lon = np.array([point.lon if point else np.nan for point in points])
    lat = np.array([point.lat if point else np.nan for point in points])
    found: list[LayerDivisions] = [{} for _ in places]
    for layer, batch in lookup.lookup_many(lon, lat).items():
        for number, division in zip(batch.points.tolist(), batch.divisions.tolist(), strict=True):
            found[number].setdefault(layer, []).append(batch.ids[division])
    by_zip = cache(_divisions_of_zip)
    return [own if point else by_zip(place.zip[:5]) for own, point, place in zip(found, points, places, strict=True)]


def _divisions_of_zip(zip_code: str) -> LayerDivisions:
    if not zip_code:
        return {}
    shares = lookup.districts_for_zip(zip_code)
    return {
        layer: [found[0].hit.ocd_id]
        for layer, found in shares.items()
        if len(found) == 1 or (found[0].share or 0) >= WHOLE_SHARE
    }
