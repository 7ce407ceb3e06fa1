"""Counts of voters who share districts, against counts of the rows themselves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from apps.voters import k_anonymity
from tests.voters.synthetic_rows import voter, voters

STATE = "ocd-division/country:us/state:hd"


def test_registered_voters_of_all_districts_are_counted(
    load_file: Callable[..., Any], write: Callable[..., Path]
) -> None:
    rows = voters(60)
    rows[3]["cd"] = "05"
    load_file(write([*rows, voter(70, status="removed")]))
    in_isel = sum(row["county"] == "Isel" for row in rows)
    assert k_anonymity.count_voters("HD", {}) == 60
    assert k_anonymity.count_voters("HD", {"county": f"{STATE}/county:isel"}) == in_isel
    assert k_anonymity.count_voters("HD", {"county": f"{STATE}/county:isel", "cd": f"{STATE}/cd:5"}) == 1
    assert k_anonymity.count_voters("HD", {"cd": f"{STATE}/cd:9"}) == 0
    assert k_anonymity.count_voters("QQ", {}) == 0


def test_counts_follow_a_swap(load_file: Callable[..., Any], write: Callable[..., Path]) -> None:
    load_file(write(voters(60)))
    assert k_anonymity.count_voters("HD", {}) == 60
    load_file(write(voters(62), "b.csv"))
    assert k_anonymity.count_voters("HD", {}) == 62
