"""The public divisions as documents; the districts' room stands below this one and knows nothing of search."""

import re
from collections.abc import Iterator

from django.urls import reverse

from apps.districts.lookup import plain_name, vintages_on
from apps.districts.opened import OpenVintage
from apps.districts.sources.layers import layer_definition

from .base import Document

STATE = re.compile(r"/(?:state|territory|district):([a-z]{2})(?:/|\Z)")
# A country has 180,000 of them, with numbers for names: nobody looks for one by its name.
LEFT_OUT = frozenset({"precinct"})


def documents() -> Iterator[Document]:
    """Yield each division of the vintages in force today."""
    for layer, vintage in vintages_on().items():
        if layer in LEFT_OUT:
            continue
        opened, title = OpenVintage(vintage.path), layer_definition(layer).title
        for ocd_id, name in zip(opened.ids, opened.names, strict=True):
            state = STATE.search(ocd_id)
            yield Document(
                kind="division",
                key=ocd_id,
                title=name or plain_name(ocd_id, layer),
                text=f"{title}, {state.group(1).upper()}" if state else title,
                url=reverse("pages:division", args=[ocd_id]),
                facets={"layer": layer} | ({"state": state.group(1)} if state else {}),
            )
