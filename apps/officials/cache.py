"""A cache of holdings by division in each process, so that one query serves every address of a state.

Every change of officials updates `Source.changed_at`, which is read at most once per CHECK_SECONDS; a change in this
process is visible at once. Inside a transaction nothing is cached.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Max

from .models import Holding, Source

# About 60 holdings fit in 100 kB; the whole country has some 12,000.
MAX_CACHED_DIVISIONS: Final = 50_000
CHECK_SECONDS: Final = 1.0


@dataclass(frozen=True)
class HoldingsCache:
    """Cached holdings by division, and seats by division and date (used by `representation`)."""

    holdings: dict[str, list[Holding]] = field(default_factory=dict)
    seats: dict[tuple[str, date], list[Any]] = field(default_factory=dict)


_cache = HoldingsCache()
_last_check: dict[str, Any] = {"checked_at": -math.inf, "value": None}


def live_holdings(divisions: Iterable[str]) -> list[Holding]:
    """Return the live holdings of these divisions' offices, with office, official and source."""
    ids = list(divisions)
    if connection.in_atomic_block:
        return list(Holding.objects.live().in_divisions(ids))
    cached = current_cache().holdings
    unknown = [ocd_id for ocd_id in ids if ocd_id not in cached]
    if unknown:
        by_division: dict[str, list[Holding]] = {ocd_id: [] for ocd_id in unknown}
        for holding in Holding.objects.live().in_divisions(unknown):
            by_division[holding.office.division].append(holding)
        cached.update(by_division)
    return [holding for ocd_id in ids for holding in cached[ocd_id]]


def current_cache() -> HoldingsCache:
    """Return the cache, cleared first if officials changed or it has grown too large."""
    if time.monotonic() - _last_check["checked_at"] > CHECK_SECONDS:
        value = (connection.settings_dict["NAME"], Source.objects.aggregate(Max("changed_at"), Count("pk")))
        if value != _last_check["value"]:
            clear_cache()
        # After clearing, which resets the time of the check.
        _last_check.update(checked_at=time.monotonic(), value=value)
    if max(len(_cache.holdings), len(_cache.seats)) > MAX_CACHED_DIVISIONS:
        clear_cache()
    return _cache


def clear_cache() -> None:
    """Clear the cache; called after every change of officials."""
    global _cache  # noqa: PLW0603 - a new object, because another thread may be reading the old one
    _cache = HoldingsCache()
    _last_check["checked_at"] = -math.inf
