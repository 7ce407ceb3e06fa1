"""Search documents of public divisions, on behalf of apps.districts, which must not import this app."""

import re
from collections.abc import Iterator, Sequence

from django.urls import reverse

from apps.districts import lookup
from apps.districts.sources.layers import layer_definition
from apps.districts.vintage_files import OpenVintage

from .base import Document

STATE_PATTERN = re.compile(r"/(?:state|territory|district):([a-z]{2})(?:/|\Z)")
# 180,000 precincts, named by numbers, would displace useful hits.
EXCLUDED_LAYERS = frozenset({"precinct"})


def documents() -> Iterator[Document]:
    """Yield each division of the vintages in force today."""
    for layer, vintage in lookup.vintages_on().items():
        if layer in EXCLUDED_LAYERS:
            continue
        open_vintage, title = OpenVintage(vintage.path), layer_definition(layer).title
        for ocd_id, name in zip(open_vintage.ids, open_vintage.names, strict=True):
            state = division_state(ocd_id)
            yield Document(
                kind="division",
                key=ocd_id,
                title=name or lookup.plain_name(ocd_id, layer),
                text=f"{title}, {state.upper()}" if state else title,
                url=division_url(ocd_id),
                facets={"layer": layer} | ({"state": state} if state else {}),
            )


def existing_divisions(keys: Sequence[str]) -> set[str]:
    """Return the keys of divisions in force today."""
    return {key for key in keys if lookup.division(key) is not None}


def division_state(ocd_id: str) -> str:
    """Return the two-letter code of a division's state, or an empty text."""
    match = STATE_PATTERN.search(ocd_id)
    return match.group(1) if match else ""


def division_name(hit: lookup.DistrictHit) -> str:
    """Return a division's name, or one derived from its id."""
    return hit.name or lookup.plain_name(hit.ocd_id, hit.layer)


def division_url(ocd_id: str) -> str:
    """Return the URL of a division's page."""
    return reverse("pages:division", args=[ocd_id.removeprefix("ocd-division/")])
