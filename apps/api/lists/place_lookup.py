"""Look up the divisions of partners' addresses, or else of ZIP codes that lie in a single division."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from apps.districts import lookup
from apps.matching import TypedPerson

WHOLE_SHARE = 0.9999


def divisions_of_people(people: Sequence[TypedPerson]) -> list[list[str]]:
    """Return the sorted OCD ids of each person's address; empty if it is unknown."""
    index = lookup.address_index()
    answers = [index.find_text(_address_line(p)) if p.address else None for p in people]
    places = [answer if isinstance(answer, lookup.AddressMatch) else None for answer in answers]
    lon = np.array([place.lon if place else np.nan for place in places])
    lat = np.array([place.lat if place else np.nan for place in places])
    ids: list[list[str]] = [[] for _ in people]
    for batch in lookup.lookup_many(lon, lat).values():
        for number, division in zip(batch.points.tolist(), batch.divisions.tolist(), strict=True):
            ids[number].append(batch.ids[division])
    by_zip = cache(_divisions_of_zip)
    return [sorted(own) if place else by_zip(p.zip[:5]) for own, place, p in zip(ids, places, people, strict=True)]


def _address_line(person: TypedPerson) -> str:
    return ", ".join(x for x in (person.address, person.city, f"{person.state} {person.zip}".strip()) if x)


def _divisions_of_zip(zip_code: str) -> list[str]:
    if not zip_code:
        return []
    shares = lookup.districts_for_zip(zip_code).values()
    return sorted(layer[0].hit.ocd_id for layer in shares if len(layer) == 1 or (layer[0].share or 0) >= WHOLE_SHARE)
