"""Sources and the repair of killed refreshes."""

from collections.abc import Callable
from pathlib import Path

from apps.jobs import reconcile
from apps.voters import refresh, snapshots
from apps.voters.models import Refresh
from tests.voters.synthetic_rows import voters

Put = Callable[..., Path]


def test_the_date_of_a_roll_is_that_of_its_newest_file(incoming: Put) -> None:
    import os

    path = incoming("generic", voters(5))
    os.utime(path, (1_780_000_000, 1_780_000_000))
    assert str(refresh.incoming_sources()[0].as_of) == "2026-05-28"


def test_a_refresh_that_was_killed_ends_with_a_reason(db: None) -> None:
    Refresh.objects.create(source="generic", files="roll.csv")
    with snapshots.load_lock():
        assert reconcile.reconcile()["roll_refreshes"] == 0
    assert reconcile.reconcile()["roll_refreshes"] == 1
    one = Refresh.objects.get()
    assert (one.outcome, one.message) == ("refused", refresh.STOPPED_MESSAGE)
