"""Holdings by division, kept in each process: one look into the database serves every address of a state.

Whoever loads or changes officials moves `Source.changed_at`; it is asked for at most once a second, so other
processes' loads are seen within it, and this process's at once. Inside a transaction the database is always asked.
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
MOST_KEPT: Final = 50_000
STAMP_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Store:
    """What is kept of one state of the officials; `seats` belongs to the facade, by division and day."""

    holdings: dict[str, list[Holding]] = field(default_factory=dict)
    seats: dict[tuple[str, date], list[Any]] = field(default_factory=dict)


_kept = Store()
_stamp: dict[str, Any] = {"asked": -math.inf, "value": None}


def holdings_of(divisions: Iterable[str]) -> list[Holding]:
    """The live holdings of these divisions' offices, with office, official and source."""
    ids = list(divisions)
    if connection.in_atomic_block:
        return list(Holding.objects.live().in_divisions(ids))
    kept = current_store().holdings
    unknown = [each for each in ids if each not in kept]
    if unknown:
        found: dict[str, list[Holding]] = {each: [] for each in unknown}
        for holding in Holding.objects.live().in_divisions(unknown):
            found[holding.office.division].append(holding)
        kept.update(found)
    return [holding for each in ids for holding in kept[each]]


def current_store() -> Store:
    """What is kept, emptied first where officials were loaded since, or where it has grown too large."""
    if time.monotonic() - _stamp["asked"] > STAMP_SECONDS:
        value = (connection.settings_dict["NAME"], Source.objects.aggregate(Max("changed_at"), Count("pk")))
        if value != _stamp["value"]:
            forget_holdings()
        # After the emptying, which asks for another look.
        _stamp.update(asked=time.monotonic(), value=value)
    if max(len(_kept.holdings), len(_kept.seats)) > MOST_KEPT:
        forget_holdings()
    return _kept


def forget_holdings() -> None:
    """Makes the next look ask the database; every load of officials calls it."""
    global _kept  # noqa: PLW0603 - a new store, so that a thread in the middle of the old one ends well
    _kept = Store()
    _stamp["asked"] = -math.inf
