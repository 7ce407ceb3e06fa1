"""Delimiters and quotes are detected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls

Load = Callable[..., Any]


@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";"])
def test_delimiters_are_detected(load_file: Load, tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "roll.txt"
    lines = (["voter_id", "last_name", "city", "state"], ["1", "Arbor", '"Port, the; old|one"', "HD"])
    path.write_text("".join(delimiter.join(line) + "\r" for line in lines))
    load_file(path)
    row = rolls.get_voter("HD", "1")
    assert row is not None
    assert row.record.city == "Port, the; old|one"


def test_a_quoted_cell_may_contain_line_ends(load_file: Load, tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    path.write_text('voter_id,last_name,address,state\n1,Arbor,"1 Mill Street\nApt 2",HD\n2,Birke,2 Mill Street,HD\n')
    assert load_file(path).loaded == 2
