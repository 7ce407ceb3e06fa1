"""`verify_people` killed at random moments and started again: the same bytes, and no row matched twice."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from apps.core.errors import Refused
from apps.voters import bulk_verification, suppression
from apps.voters.resumable_output import resumable_draft
from tests.demo_server import until
from tests.sigkill import kill_in_the_middle
from tests.voters.queries import write_queries
from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]
pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 2_000


@pytest.fixture
def queries(load_file: Load, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of queries, matched a hundred at a time."""
    load_file(write(voters(300)))
    monkeypatch.setattr(bulk_verification, "CHUNK_ROWS", 100)
    return write_queries(tmp_path / "in.csv", voters(100) * (ROWS // 100))


def matched_rows(target: Path) -> int:
    """Return how many rows a killed run has matched."""
    note = target.with_name(f".{target.name}.note")
    return int(json.loads(note.read_text())["rows"]) if note.exists() else 0


@pytest.mark.slow
def test_a_run_killed_repeatedly_resumes_and_writes_the_same_bytes(queries: Path, tmp_path: Path) -> None:
    whole, target = tmp_path / "whole.csv", tmp_path / "out.csv"
    counts, _ = bulk_verification.verify_file(queries, str(whole), "form")
    rng, kills = Random(), 0
    while not target.exists() and kills < 5:
        before = matched_rows(target)
        kill_in_the_middle(
            lambda: bulk_verification.verify_file(queries, str(target), "form"),
            lambda before=before: matched_rows(target) > before or target.exists(),  # type: ignore[misc]
            rng.uniform(0, 0.05),
        )
        kills += 1
    left = matched_rows(target)
    if not target.exists():
        again, before = bulk_verification.verify_file(queries, str(target), "form")
        assert again == counts
        assert before == left > 0
    assert kills > 1
    assert target.read_bytes() == whole.read_bytes()
    assert [p.name for p in tmp_path.glob(".*")] == []


@pytest.mark.slow
def test_a_killed_run_leaves_no_child_processes(queries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, target = tmp_path / "whole.csv", tmp_path / "out.csv"
    bulk_verification.verify_file(queries, str(whole), "form")
    monkeypatch.setattr(bulk_verification, "PARALLEL_ROWS", 0)
    helpers = kill_in_the_middle(
        lambda: bulk_verification.verify_file(queries, str(target), "form"), lambda: matched_rows(target) > 0
    )
    monkeypatch.undo()
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in helpers), 20)
    bulk_verification.verify_file(queries, str(target), "form")
    assert target.read_bytes() == whole.read_bytes()


def test_a_draft_is_not_resumed_after_a_suppression(queries: Path, tmp_path: Path) -> None:
    target, plain = tmp_path / "out.csv", tmp_path / "plain.csv"
    kill_in_the_middle(
        lambda: bulk_verification.verify_file(queries, str(target), "form"), lambda: matched_rows(target) > 0
    )
    suppression.suppress(state="HD", voter_id="00000007", by="person")
    _, before = bulk_verification.verify_file(queries, str(target), "form")
    assert before == 0, "a voter requested suppression in between"
    bulk_verification.verify_file(queries, str(plain), "form")
    assert target.read_bytes() == plain.read_bytes()
    assert b"00000007" not in target.read_bytes()


def test_a_second_run_on_the_same_output_is_refused(queries: Path, tmp_path: Path) -> None:
    target = str(tmp_path / "out.csv")
    with resumable_draft(target, "one") as draft:
        draft.add("query_id\n")
        with pytest.raises(Refused, match="Another run is writing"):
            bulk_verification.verify_file(queries, target, "form")
