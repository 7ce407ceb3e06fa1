"""The weekly refresh: what is new is loaded, what is live already is left, what is wrong is told and stops nobody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.jobs import reconcile
from apps.voters import refresh, rolls, snapshots
from apps.voters.models import Refresh, Snapshot

from .synthetic_rows import voters

Put = Callable[..., Path]


def outcomes() -> list[tuple[str, str]]:
    """Return source and outcome of every refresh."""
    return list(Refresh.objects.order_by("pk").values_list("source", "outcome"))


def test_a_refresh_loads_what_is_new_and_leaves_what_is_live(db: None, incoming: Put) -> None:
    incoming("generic", voters(200))
    call_command("refresh_rolls")
    call_command("refresh_rolls")
    assert outcomes() == [("generic", "live"), ("generic", "same")]
    incoming("generic", voters(205))
    call_command("refresh_rolls")
    assert rolls.live_snapshots()["HD"].counts["loaded"] == 205
    assert Refresh.objects.last().message == "205 voters are live, 0 rows quarantined."  # type: ignore[union-attr]


def test_a_drift_waits_and_is_not_loaded_again(db: None, incoming: Put) -> None:
    incoming("generic", voters(600))
    call_command("refresh_rolls")
    incoming("generic", voters(300))
    for _ in range(2):
        with pytest.raises(CommandError) as caught:
            call_command("refresh_rolls")
        assert caught.value.returncode == 1
    assert outcomes()[1:] == [("generic", "waiting"), ("generic", "waiting")]
    assert Snapshot.objects.count() == 2
    assert "in the live roll" in Refresh.objects.get(pk=Refresh.objects.first().pk + 1).message  # type: ignore[union-attr]


def test_one_sources_trouble_stops_no_other(db: None, incoming: Put, tmp_path: Path) -> None:
    incoming("aa_nowhere", voters(5))
    incoming("generic-NC", [row | {"state": ""} for row in voters(30)])
    incoming("generic-NC", voters(5), "half.csv.part")
    incoming("nc", voters(5))
    with pytest.raises(CommandError, match="There is no layout 'aa_nowhere'") as caught:
        call_command("refresh_rolls")
    assert caught.value.returncode == 1
    assert outcomes() == [("aa_nowhere", "refused"), ("generic-NC", "live"), ("nc", "refused")]
    assert rolls.live_snapshots()["NC"].counts["loaded"] == 30
    assert "the column ncid (voter_id) is missing" in Refresh.objects.get(source="nc").message


def test_without_files_it_says_where_to_put_them(db: None, settings: Any) -> None:
    with pytest.raises(CommandError, match="Put a state's files into a folder named like its layout"):
        call_command("refresh_rolls")


def test_the_rolls_day_is_that_of_its_newest_file(incoming: Put) -> None:
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
