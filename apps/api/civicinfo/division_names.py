"""What a division is called, whether its lines are loaded or not, and its other ids."""

import time
from typing import Any, Final

from django.conf import settings
from django.db import connection

from apps.districts import lookup, ocd_list

KEPT_SECONDS: Final = 1.0
_kept: dict[str, Any] = {"since": 0.0, "of": None, "divisions": {}}


def name_of(ocd_id: str) -> str:
    """Return a division's name: from the lines in force, else from the list of ids, else from the id itself."""
    return str(division_of(ocd_id)["name"])


def _name(ocd_id: str, known: ocd_list.Listed | None) -> str:
    if ocd_id == "ocd-division/country:us":
        return "United States"
    hit = lookup.division(ocd_id)
    if hit is not None:
        return hit.name
    if known is not None:
        return known.name
    kind, _, last = ocd_id.rpartition("/")[2].partition(":")
    return last.upper() if kind in {"state", "district", "territory"} else lookup.plain_name(ocd_id, kind)


def division_of(ocd_id: str) -> dict[str, Any]:
    """Return a GeographicDivision without its offices; what was found serves every call of the same second."""
    if connection.in_atomic_block:
        return _division(ocd_id)
    if time.monotonic() - _kept["since"] > KEPT_SECONDS or _kept["of"] != settings.DATA_DIR:
        _kept.update(since=time.monotonic(), of=settings.DATA_DIR, divisions={})
    divisions = _kept["divisions"]
    found = divisions.get(ocd_id)
    if found is None:
        found = divisions[ocd_id] = _division(ocd_id)
    return dict(found)


def _division(ocd_id: str) -> dict[str, Any]:
    known = ocd_list.divisions().get(ocd_id)
    also = {"alsoKnownAs": list(known.aliases)} if known and known.aliases else {}
    return {"name": _name(ocd_id, known), **also}
