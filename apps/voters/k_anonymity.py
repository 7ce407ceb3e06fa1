"""Count the voters who share a combination of districts, so that no page shows one that singles out a few people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .models import Snapshot
from .snapshot_files import SnapshotKey, live_snapshot, snapshot_db, snapshot_key

DistrictSet = frozenset[tuple[str, str]]


def count_voters(state: str, districts: Mapping[str, str]) -> int:
    """Return the number of registered voters on the live roll in all of these districts (layer to OCD id)."""
    snapshot = live_snapshot(state)
    return count_voters_in_snapshot(snapshot, districts) if snapshot else 0


def count_voters_in_snapshot(snapshot: Snapshot, districts: Mapping[str, str]) -> int:
    """Return the number of registered voters of one snapshot in all of these districts."""
    return _count_matching(_DistrictCounts.of(snapshot), frozenset(districts.items()))


@dataclass(frozen=True, eq=False)
class _DistrictCounts:
    """The registered voters of each combination of districts in one snapshot."""

    voters: Mapping[DistrictSet, int]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "_DistrictCounts":
        """Return the counts of a snapshot, cached per state for its latest snapshot."""
        key, cached = snapshot_key(snapshot), _cache.get(snapshot.state)
        if cached and cached[0] == key:
            return cached[1]
        voters: dict[DistrictSet, int] = {}
        with snapshot_db(snapshot) as db:
            for districts, count in db.execute("SELECT districts, voters FROM place WHERE voters > 0"):
                group = frozenset(json.loads(districts).items())
                voters[group] = voters.get(group, 0) + count
        counts = cls(voters)
        _cache[snapshot.state] = (key, counts)
        return counts


_cache: dict[str, tuple[SnapshotKey, _DistrictCounts]] = {}


@lru_cache(4096)
def _count_matching(counts: _DistrictCounts, districts: DistrictSet) -> int:
    return sum(voters for group, voters in counts.voters.items() if districts <= group)
