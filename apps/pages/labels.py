"""Labels of layers and divisions."""

import re
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

# In order of display, from Congress to precinct.
LAYER_LABELS: dict[str, str | Promise] = {
    "cd": gettext_lazy("U.S. House"),
    "state": gettext_lazy("State"),
    "sldu": gettext_lazy("State Senate"),
    "sldl": gettext_lazy("State House"),
    "county": pgettext_lazy("a part of a state", "County"),
    "place": gettext_lazy("City or town"),
    "school_district": gettext_lazy("School district"),
    "tribal": gettext_lazy("Tribal land"),
    "precinct": gettext_lazy("Precinct"),
}
# Layers of numbered seats: "District 4" says more than the name in the file.
SEAT_LAYERS = ("cd", "sldu", "sldl")
# Layers with a map (a whole state would be one color); labels fit beside each other on a phone.
MAPPED_LAYERS: dict[str, str | Promise] = {
    "cd": gettext_lazy("Congress"),
    "sldu": pgettext_lazy("of a state", "Senate"),
    "sldl": pgettext_lazy("of a state", "House"),
    "county": pgettext_lazy("a part of a state", "County"),
    "precinct": gettext_lazy("Precinct"),
}

# Kinds of search documents, in the order of the filter.
DOCUMENT_KINDS: dict[str, str | Promise] = {
    "page": gettext_lazy("Pages"),
    "division": gettext_lazy("Divisions"),
    "official": gettext_lazy("Officials"),
    "election": gettext_lazy("Elections"),
}

# Rank of the statewide offices that share the last row.
OTHER_OFFICES_RANK = 9

# Statewide offices with a row of their own, in order; all others share one.
STATEWIDE_OFFICES: dict[str, str | Promise] = {"sen": gettext_lazy("U.S. Senate"), "governor": gettext_lazy("Governor")}


class DivisionLike(Protocol):
    """Describe objects with an id, a name and a layer, such as districts.lookup.DistrictHit."""

    @property
    def ocd_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def layer(self) -> str: ...


def layer_label(layer: str) -> str:
    """Return the label of a layer; an unknown layer by its own name."""
    return str(LAYER_LABELS.get(layer, layer.replace("_", " ").capitalize()))


def layer_rank(layer: str) -> tuple[int, str]:
    """Return the sort key of a layer."""
    layers = list(LAYER_LABELS)
    return (layers.index(layer) if layer in layers else len(layers), layer)


def division_label(hit: DivisionLike) -> str:
    """Return the name of a division, translated if it is numbered, else as its file has it."""
    code = hit.ocd_id.rpartition(":")[2]
    if hit.layer in SEAT_LAYERS and re.fullmatch(r"\d+[a-z]?", code):
        return _("District %(number)s") % {"number": code.upper()}
    if hit.layer in SEAT_LAYERS and code == "at-large":
        return _("The whole state, at large")
    if hit.layer == "state":
        return _("All of %(state)s") % {"state": hit.name}
    return hit.name


def map_label(hit: DivisionLike) -> str:
    """Return a label short enough for a map."""
    code = hit.ocd_id.rpartition(":")[2]
    if hit.layer in SEAT_LAYERS:
        return code.upper() if code != "at-large" else hit.name
    return re.sub(r"^(Precinct|Voting District) | (County|Parish)$", "", hit.name)


def statewide_group(role: str) -> tuple[int, str]:
    """Return rank and label of a statewide office's row; lesser offices share one."""
    if role in STATEWIDE_OFFICES:
        return list(STATEWIDE_OFFICES).index(role), str(STATEWIDE_OFFICES[role])
    return OTHER_OFFICES_RANK, _("Other statewide offices")


def missing_address_message(missing: str) -> str:
    """Return what to change if an address was not found."""
    return {
        "house number": _("Add the house number, like “418 Coopers Row”."),
        "street": _("We did not find that street. Check how it is spelled, or add the ZIP code."),
        "number": _("We know the street, but not that number on it. Check the number, or type the ZIP code alone."),
        "zip": _("That name is too common. Add the ZIP code."),
        "addresses": _("This site has no list of addresses yet, so it cannot find districts by address."),
    }.get(missing, _("We did not find that address. Check it, or type the ZIP code alone."))
