"""The public divisions as documents; the districts' room stands below this one and knows nothing of search."""

import re
from collections.abc import Iterator, Sequence

from django.urls import reverse

from apps.districts import lookup
from apps.districts.sources.layers import layer_definition
from apps.districts.vintage_files import OpenVintage

from .base import Document

STATE = re.compile(r"/(?:state|territory|district):([a-z]{2})(?:/|\Z)")
# A country has 180,000 of them, with numbers for names: nobody looks for one by its name.
LEFT_OUT = frozenset({"precinct"})


def documents() -> Iterator[Document]:
    """Yield each division of the vintages in force today."""
    for layer, vintage in lookup.vintages_on().items():
        if layer in LEFT_OUT:
            continue
        opened, title = OpenVintage(vintage.path), layer_definition(layer).title
        for ocd_id, name in zip(opened.ids, opened.names, strict=True):
            state = state_of(ocd_id)
            yield Document(
                kind="division",
                key=ocd_id,
                title=name or lookup.plain_name(ocd_id, layer),
                text=f"{title}, {state.upper()}" if state else title,
                url=page_of(ocd_id),
                facets={"layer": layer} | ({"state": state} if state else {}),
            )


def standing(keys: Sequence[str]) -> set[str]:
    """Return which divisions have a page today."""
    return {key for key in keys if lookup.division(key) is not None}


def state_of(ocd_id: str) -> str:
    """Return the two letters of a division's state, or nothing."""
    found = STATE.search(ocd_id)
    return found.group(1) if found else ""


def name_of(hit: lookup.DistrictHit) -> str:
    """Return what a division is called, in words that can be looked for."""
    return hit.name or lookup.plain_name(hit.ocd_id, hit.layer)


def page_of(ocd_id: str) -> str:
    """Return the address of a division's page."""
    return reverse("pages:division", args=[ocd_id.removeprefix("ocd-division/")])
