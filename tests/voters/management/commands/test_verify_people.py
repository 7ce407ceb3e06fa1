"""`verify_people`: a row per input row in input order, and no output for an invalid file."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import AuditEntry
from apps.voters import bulk_verification, suppression
from apps.voters.search.base import voter_index
from tests.voters.queries import write_queries
from tests.voters.synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def run(source: Path, out: Path, *more: str) -> list[dict[str, str]]:
    """Run the command and read its output."""
    call_command("verify_people", "--input", str(source), "--output", str(out), *more)
    with out.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_row_is_matched_in_input_order(load_file: Load, write: Write, tmp_path: Path, capsys: Any) -> None:
    load_file(write(voters(300)))
    asked = [voter(7), voter(9_999, first_name="Zed", last_name="Nobody"), {"first_name": ""}, voter(3)]
    rows = run(write_queries(tmp_path / "in.csv", asked), tmp_path / "out.csv", "--json")
    assert [(r["query_id"], r["voter_id"], r["status"]) for r in rows] == [
        ("q0", "00000007", "verified"), ("q1", "", "none"), ("q2", "", "none"), ("q3", "00000003", "verified"),
    ]  # fmt: skip
    assert rows[0]["candidates"].split("|")[0] == "00000007"
    assert len(rows[0]["score"].partition(".")[2]) == 6
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {k: report[k] for k in ("read", "verified", "possible", "none", "certified")} == {
        "read": 4, "verified": 2, "possible": 0, "none": 2, "certified": False,
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="voters.verify_people").exists()


def test_suppressed_voters_are_not_named(load_file: Load, write: Write, tmp_path: Path) -> None:
    load_file(write(voters(300)))
    source = write_queries(tmp_path / "in.csv", voters(100))
    before = run(source, tmp_path / "before.csv")
    suppression.suppress(state="HD", voter_id="00000007", by="person")
    after = run(source, tmp_path / "after.csv")
    assert after[7] == {"query_id": "q7", "voter_id": "", "score": "", "status": "none", "candidates": ""}
    assert [r for r in after if r["query_id"] != "q7"] == [r for r in before if r["query_id"] != "q7"]


def test_two_processes_write_the_same_bytes(
    load_file: Load, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_file(write(voters(300)))
    source = write_queries(tmp_path / "in.csv", voters(300) * 20)
    run(source, tmp_path / "one.csv", "--kind", "contact")
    monkeypatch.setattr(bulk_verification, "PARALLEL_ROWS", 0)
    run(source, tmp_path / "two.csv", "--kind", "contact")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("query_id,last_name\nq1,Arbor\nq1,Birke\n", "row 2: its query_id was used before"),
        ("last_name\nArbor\n", "the first line names no column query_id"),
        ('query_id,last_name\nq1,"Arbor\n', "line 2"),
        ("query_id,last_name\nq1\n", "line 2: 1 cells under 2 columns"),
        ("query_id,last_name\nq1,Mu\udcf1oz\n", "in.csv is not UTF-8"),
    ],
)
def test_a_bad_file_is_refused_before_any_output(
    load_file: Load, write: Write, tmp_path: Path, content: str, message: str
) -> None:
    load_file(write(voters(20)))
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(CommandError, match=message) as caught:
        call_command("verify_people", "--input", str(source), "--output", str(out))
    assert caught.value.returncode == 1
    assert not out.exists()


def test_without_a_roll_the_error_says_what_to_do(db: None, tmp_path: Path) -> None:
    source = write_queries(tmp_path / "in.csv", voters(1))
    with pytest.raises(CommandError, match="Load one with load_roll first"):
        call_command("verify_people", "--input", str(source), "--output", str(tmp_path / "out.csv"))
    assert voter_index().states() == []
