"""Apps above voters are notified of live rolls."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from apps.voters import roll_events, rolls
from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_subscribers_are_notified_of_a_live_roll(load_file: Load, write: Write, run_jobs: Callable[[], int]) -> None:
    heard: list[tuple[str, int]] = []

    def hear(state: str, snapshot_id: int) -> None:
        heard.append((state, snapshot_id))

    roll_events.on_live(hear)
    try:
        load_file(write(voters(20)))
        run_jobs()
    finally:
        roll_events._on_live.remove(hear)
    assert heard == [("HD", rolls.live_snapshots()["HD"].pk)]
