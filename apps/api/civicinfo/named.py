"""What a division is called, whether its lines are loaded or not, and its other ids."""

from typing import Any

from apps.districts import listed, lookup


def name_of(ocd_id: str) -> str:
    """Return a division's name: from the lines in force, else from the list of ids, else from the id itself."""
    if ocd_id == "ocd-division/country:us":
        return "United States"
    hit = lookup.division(ocd_id)
    if hit is not None:
        return hit.name
    known = listed.divisions().get(ocd_id)
    if known is not None:
        return known.name
    kind, _, last = ocd_id.rpartition("/")[2].partition(":")
    return last.upper() if kind in {"state", "district", "territory"} else lookup.plain_name(ocd_id, kind)


def division_of(ocd_id: str) -> dict[str, Any]:
    """Return a GeographicDivision without its offices."""
    known = listed.divisions().get(ocd_id)
    also = {"alsoKnownAs": list(known.aliases)} if known and known.aliases else {}
    return {"name": name_of(ocd_id), **also}
