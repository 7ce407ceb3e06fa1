"""A damaged voter index is reported, lookups wait, and it is rebuilt from the roll, byte for byte."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.core.errors import BackendUnavailable
from apps.voters import index_sync, rolls
from apps.voters.loading import reindex
from apps.voters.models import Snapshot
from apps.voters.search.base import voter_index
from tests.voters.queries import query_of
from tests.voters.synthetic_rows import voter, voters

SOMEBODY = voter(40)
PERSON = query_of(SOMEBODY)


@pytest.fixture
def live(load_file: Callable[..., Any], write: Callable[..., Path]) -> Snapshot:
    """Return a live roll whose index no process has opened yet."""
    load_file(write(voters(300)))
    return rolls.live_snapshots()["HD"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8])


@pytest.mark.parametrize(("name", "harm"), [("voters.bin", cut), ("ids.txt", Path.unlink), ("manifest.json", cut)])
def test_a_damaged_file_is_named_and_the_index_is_rebuilt(
    live: Snapshot, name: str, harm: Callable[[Path], None], run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    harm(live.path / "index" / name)
    with pytest.raises(BackendUnavailable, match=f"damaged and is being rebuilt: voter index damaged: {name}"):
        voter_index().match_one(PERSON)
    assert index_sync.queue_missing_indexes(dry_run=False) == 1
    run_jobs()
    assert index_sync.queue_missing_indexes(dry_run=True) == 0
    assert voter_index().match_one(PERSON).voter_id == SOMEBODY["voter_id"]
    assert rolls.live_snapshots()["HD"].hash == live.hash


def test_the_daily_check_detects_a_changed_byte(live: Snapshot, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    path = live.path / "index" / "voters.bin"
    held = bytearray(path.read_bytes())
    held[100] ^= 1
    path.write_bytes(held)
    assert index_sync.queue_missing_indexes(dry_run=True) == 0
    assert index_sync.check_indexes() == {"HD": 1}
    run_jobs()
    assert reindex.find_damage(live, whole=True) == ""
    assert path.read_bytes() != bytes(held)
