"""Names and aliases of divisions, whether or not their boundaries are loaded."""

import time
from typing import Any, Final

from django.conf import settings
from django.db import connection

from apps.districts import lookup, ocd_list

CACHE_SECONDS: Final = 1.0
_cache: dict[str, Any] = {"since": 0.0, "data_dir": None, "divisions": {}}


def division_name(ocd_id: str) -> str:
    """Return a division's name from the boundaries in force, or else the list of ids, or else the id itself."""
    return str(geographic_division(ocd_id)["name"])


def _name(ocd_id: str, known: ocd_list.ListedDivision | None) -> str:
    if ocd_id == "ocd-division/country:us":
        return "United States"
    hit = lookup.division(ocd_id)
    if hit is not None:
        return hit.name
    if known is not None:
        return known.name
    kind, _, last = ocd_id.rpartition("/")[2].partition(":")
    return last.upper() if kind in {"state", "district", "territory"} else lookup.plain_name(ocd_id, kind)


def geographic_division(ocd_id: str) -> dict[str, Any]:
    """Return a GeographicDivision without its offices, cached for CACHE_SECONDS outside transactions."""
    if connection.in_atomic_block:
        return _build_division(ocd_id)
    if time.monotonic() - _cache["since"] > CACHE_SECONDS or _cache["data_dir"] != settings.DATA_DIR:
        _cache.update(since=time.monotonic(), data_dir=settings.DATA_DIR, divisions={})
    divisions = _cache["divisions"]
    division = divisions.get(ocd_id)
    if division is None:
        division = divisions[ocd_id] = _build_division(ocd_id)
    return dict(division)


def _build_division(ocd_id: str) -> dict[str, Any]:
    known = ocd_list.divisions().get(ocd_id)
    aliases = {"alsoKnownAs": list(known.aliases)} if known and known.aliases else {}
    return {"name": _name(ocd_id, known), **aliases}
