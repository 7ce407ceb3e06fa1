"""How many voters share a combination of districts, so that nobody is shown one that points at a few people."""

import json
from collections.abc import Mapping
from functools import lru_cache

from .models import Snapshot
from .snapshot_files import live_snapshot, snapshot_db

DistrictSet = frozenset[tuple[str, str]]

_cache: dict[str, tuple[int, dict[DistrictSet, int]]] = {}


def count_voters(state: str, districts: Mapping[str, str]) -> int:
    """Return how many registered voters of the live roll live in all these districts (layer to OCD id)."""
    snapshot = live_snapshot(state)
    return count_voters_in_snapshot(snapshot, districts) if snapshot else 0


def count_voters_in_snapshot(snapshot: Snapshot, districts: Mapping[str, str]) -> int:
    """Return the same of one snapshot, without asking which is live."""
    return _count_matching(snapshot, frozenset(districts.items()))


@lru_cache(4096)
def _count_matching(snapshot: Snapshot, wanted: DistrictSet) -> int:
    return sum(number for group, number in _count_by_districts(snapshot).items() if wanted <= group)


def _count_by_districts(snapshot: Snapshot) -> dict[DistrictSet, int]:
    """Return the voters of each combination that occurs; about .2 s for a million voters, once per snapshot."""
    known = _cache.get(snapshot.state)
    if known and known[0] == snapshot.pk:
        return known[1]
    counts: dict[DistrictSet, int] = {}
    query = (
        "SELECT districts, number FROM place JOIN "
        "(SELECT place, count(*) AS number FROM voter WHERE registered = 1 GROUP BY place) ON place = place.id"
    )
    with snapshot_db(snapshot) as db:
        for districts, number in db.execute(query):
            group = frozenset(json.loads(districts).items())
            counts[group] = counts.get(group, 0) + number
    _cache[snapshot.state] = (snapshot.pk, counts)
    return counts
