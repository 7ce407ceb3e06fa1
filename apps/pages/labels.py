"""What kinds of divisions, and the divisions themselves, are called on a page."""

import re
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

# In the order in which people ask: who sits in Congress first, where the polling place belongs to last.
LAYERS: dict[str, str | Promise] = {
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
# Layers whose divisions are numbered seats: "District 4" says more than what the file calls them.
SEATS = ("cd", "sldu", "sldl")
# What a map can show (the whole state would be one colour), in words that fit beside each other on a phone.
MAPPED: dict[str, str | Promise] = {
    "cd": gettext_lazy("Congress"),
    "sldu": pgettext_lazy("of a state", "Senate"),
    "sldl": pgettext_lazy("of a state", "House"),
    "county": pgettext_lazy("a part of a state", "County"),
    "precinct": gettext_lazy("Precinct"),
}

# What site search finds, in the order of its filter.
KINDS: dict[str, str | Promise] = {
    "page": gettext_lazy("Pages"),
    "division": gettext_lazy("Divisions"),
    "official": gettext_lazy("Officials"),
    "election": gettext_lazy("Elections"),
}

# The rank of statewide offices that share the last row.
LAST = 9

# Rows of a state's offices that stand alone, in order; all others share one.
STATEWIDE: dict[str, str | Promise] = {"sen": gettext_lazy("U.S. Senate"), "governor": gettext_lazy("Governor")}


class Named(Protocol):
    """Anything with an id, a name and a layer: a districts.lookup.Hit."""

    @property
    def ocd_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def layer(self) -> str: ...


def layer_word(layer: str) -> str:
    """Return what a kind of division is called; one that nobody named is called like its layer."""
    return str(LAYERS.get(layer, layer.replace("_", " ").capitalize()))


def layer_rank(layer: str) -> tuple[int, str]:
    """Return the place of a layer in a list."""
    known = list(LAYERS)
    return (known.index(layer) if layer in known else len(known), layer)


def division_word(hit: Named) -> str:
    """Return a division's name in the reader's language where it is a number, else as its file has it."""
    last = hit.ocd_id.rpartition(":")[2]
    if hit.layer in SEATS and re.fullmatch(r"\d+[a-z]?", last):
        return _("District %(number)s") % {"number": last.upper()}
    if hit.layer in SEATS and last == "at-large":
        return _("The whole state, at large")
    if hit.layer == "state":
        return _("All of %(state)s") % {"state": hit.name}
    return hit.name


def short_word(hit: Named) -> str:
    """Return what fits on a map."""
    last = hit.ocd_id.rpartition(":")[2]
    if hit.layer in SEATS:
        return last.upper() if last != "at-large" else hit.name
    return re.sub(r"^(Precinct|Voting District) | (County|Parish)$", "", hit.name)


def statewide_group(role: str) -> tuple[int, str]:
    """Return where a statewide office stands in the list, and the words of its row; lesser ones share a row."""
    if role in STATEWIDE:
        return list(STATEWIDE).index(role), str(STATEWIDE[role])
    return LAST, _("Other statewide offices")


def missing_words(missing: str) -> str:
    """Return what to change when an address was not found."""
    return {
        "house number": _("Add the house number, like “418 Coopers Row”."),
        "street": _("We did not find that street. Check how it is spelled, or add the ZIP code."),
        "number": _("We know the street, but not that number on it. Check the number, or type the ZIP code alone."),
        "zip": _("That name is too common. Add the ZIP code."),
        "addresses": _("This installation has no list of addresses yet. Nobody’s district can be found by address."),
    }.get(missing, _("We did not find that address. Check it, or type the ZIP code alone."))
