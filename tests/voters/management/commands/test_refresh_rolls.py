"""`refresh_rolls` loads new files, leaves live ones alone, and reports every source."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.voters import rolls
from apps.voters.models import Refresh, Snapshot
from tests.voters.synthetic_rows import voters

Put = Callable[..., Path]


def outcomes() -> list[tuple[str, str]]:
    """Return source and outcome of every refresh."""
    return list(Refresh.objects.order_by("pk").values_list("source", "outcome"))


def test_new_files_are_loaded_and_live_ones_are_left_alone(db: None, incoming: Put) -> None:
    incoming("generic", voters(200))
    call_command("refresh_rolls")
    call_command("refresh_rolls")
    assert outcomes() == [("generic", "live"), ("generic", "same")]
    incoming("generic", voters(205))
    call_command("refresh_rolls")
    assert rolls.live_snapshots()["HD"].counts["loaded"] == 205
    assert Refresh.objects.last().message == "205 voters are live, 0 rows quarantined."  # type: ignore[union-attr]


def test_a_roll_with_drift_waits_and_is_not_loaded_again(db: None, incoming: Put) -> None:
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


def test_a_source_that_fails_does_not_stop_the_others(db: None, incoming: Put, tmp_path: Path) -> None:
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


def test_without_files_the_error_says_where_to_put_them(db: None, settings: Any) -> None:
    with pytest.raises(CommandError, match="Put a state's files into a folder named like its layout"):
        call_command("refresh_rolls")
