"""Certifying on the operator's own roll: stored with the snapshot, reported by verify_people, uncertified on a small
roll.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.voters import certify, snapshot_files
from apps.voters.search.base import voter_index
from tests.voters.queries import query_of, write_queries
from tests.voters.synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def run_json(capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, Any]:
    """Run a command and read its JSON."""
    call_command(*command, "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return report


def test_a_small_roll_is_reported_as_not_certified(load_file: Load, write: Write, capsys: Any) -> None:
    load_file(write(voters(300)))
    report = run_json(capsys, "certify_matcher")
    (by_kind,) = report.values()
    assert {one["certified"] for one in by_kind.values()} == {False}
    assert by_kind["form"]["people"] == 0
    assert not certify.is_certified("form")


def test_a_certificate_is_stored_with_the_snapshot_and_reported(
    load_file: Load, write: Write, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_file(write(voters(900)))
    asked = write_queries(tmp_path / "in.csv", [voter(7)])
    command = ("verify_people", "--input", str(asked), "--output", str(tmp_path / "out.csv"))
    assert not run_json(capsys, *command)["certified"]
    monkeypatch.setattr("apps.matching.certify.LEAST", {"form": 300, "contact": 300})
    monkeypatch.setattr("apps.voters.certify.LEAST", {"form": 300, "contact": 300})
    monkeypatch.setattr("apps.matching.certify.TARGETS", {"form": 0.02, "contact": 0.02})
    (by_kind,) = run_json(capsys, "certify_matcher", "--seed", "5").values()
    form = by_kind["form"]
    assert (form["certified"], form["people"]) == (True, 450)
    assert form["upper"] <= form["target"]
    assert form["recall"] > 0.5
    assert run_json(capsys, *command)["certified"]
    (snapshot,) = snapshot_files.live_snapshots().values()
    certificates = certify.certificates(snapshot)
    assert certificates["form"].snapshot == snapshot.hash
    assert certificates["form"].recall_by["moved"]["no"]["people"] > 300
    assert voter_index().match_one(query_of(voter(7))).certified


def test_a_state_that_is_not_live_is_refused(load_file: Load, write: Write) -> None:
    load_file(write(voters(30)))
    with pytest.raises(CommandError, match="No such roll is live"):
        call_command("certify_matcher", "--state", "QQ")
