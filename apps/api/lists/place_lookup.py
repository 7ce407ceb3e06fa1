"""The divisions of places that a partner supplied: of an address, else of a ZIP code that lies in one whole."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from apps.districts import lookup
from apps.matching import TypedPerson

WHOLE = 0.9999


def divisions_of(people: Sequence[TypedPerson]) -> list[list[str]]:
    """Return the OCD ids of each person's typed place, sorted; none where it is not known."""
    index = lookup.addresses()
    found = [index.find_text(_line(p)) if p.address else None for p in people]
    places = [place if isinstance(place, lookup.AddressMatch) else None for place in found]
    lon = np.array([place.lon if place else np.nan for place in places])
    lat = np.array([place.lat if place else np.nan for place in places])
    ids: list[list[str]] = [[] for _ in people]
    for batch in lookup.lookup_many(lon, lat).values():
        for number, division in zip(batch.points.tolist(), batch.divisions.tolist(), strict=True):
            ids[number].append(batch.ids[division])
    by_zip = cache(_of_zip)
    return [sorted(own) if place else by_zip(p.zip[:5]) for own, place, p in zip(ids, places, people, strict=True)]


def _line(person: TypedPerson) -> str:
    return ", ".join(x for x in (person.address, person.city, f"{person.state} {person.zip}".strip()) if x)


def _of_zip(zip_code: str) -> list[str]:
    if not zip_code:
        return []
    shares = lookup.districts_for_zip(zip_code).values()
    return sorted(found[0].hit.ocd_id for found in shares if len(found) == 1 or (found[0].share or 0) >= WHOLE)
