"""Count the voters who share a combination of districts, so that no page shows one that singles out a few people."""

import json
from collections.abc import Mapping
from functools import lru_cache

from .models import Snapshot
from .snapshot_files import live_snapshot, snapshot_db

DistrictSet = frozenset[tuple[str, str]]

_cache: dict[str, tuple[int, dict[DistrictSet, int]]] = {}


def count_voters(state: str, districts: Mapping[str, str]) -> int:
    """Return the number of registered voters on the live roll in all of these districts (layer to OCD id)."""
    snapshot = live_snapshot(state)
    return count_voters_in_snapshot(snapshot, districts) if snapshot else 0


def count_voters_in_snapshot(snapshot: Snapshot, districts: Mapping[str, str]) -> int:
    """Return the number of registered voters of one snapshot in all of these districts."""
    return _count_matching(snapshot, frozenset(districts.items()))


@lru_cache(4096)
def _count_matching(snapshot: Snapshot, districts: DistrictSet) -> int:
    return sum(number for group, number in _count_by_districts(snapshot).items() if districts <= group)


def _count_by_districts(snapshot: Snapshot) -> dict[DistrictSet, int]:
    """Return the registered voters of each combination of districts, cached per state for its latest snapshot."""
    cached = _cache.get(snapshot.state)
    if cached and cached[0] == snapshot.pk:
        return cached[1]
    counts: dict[DistrictSet, int] = {}
    with snapshot_db(snapshot) as db:
        for districts, voters in db.execute("SELECT districts, voters FROM place WHERE voters > 0"):
            group = frozenset(json.loads(districts).items())
            counts[group] = counts.get(group, 0) + voters
    _cache[snapshot.state] = (snapshot.pk, counts)
    return counts
