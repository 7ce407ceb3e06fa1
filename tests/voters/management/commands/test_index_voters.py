"""`index_voters` rebuilds a damaged index in this process and reports the rows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.voters import rolls
from apps.voters.loading import reindex
from apps.voters.search.base import voter_index
from tests.voters.queries import query_of
from tests.voters.synthetic_rows import voter, voters


def test_a_damaged_index_is_rebuilt_and_its_rows_are_reported(
    load_file: Callable[..., Any], write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    load_file(write(voters(60)))
    snapshot = rolls.live_snapshots()["HD"]
    (snapshot.path / "index" / "ids.txt").unlink()
    call_command("index_voters", "--state", "hd", "--json")
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["states"] == {"HD": 60}
    assert reindex.find_damage(snapshot, whole=True) == ""
    assert voter_index().match_one(query_of(voter(5))).voter_id == voter(5)["voter_id"]


def test_a_state_without_a_live_roll_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="No roll of QQ is live") as caught:
        call_command("index_voters", "--state", "qq")
    assert caught.value.returncode == 1
