"""A small, repeatable part of the fuzzing of boundary files; fuzz.py runs any number."""

from pathlib import Path

import pytest

from tests.districts.sources.fuzz import run


@pytest.mark.slow
def test_mutated_files_load_or_are_refused_with_a_message(tmp_path: Path) -> None:
    outcomes = run(0, 400, tmp_path / "work", tmp_path)
    assert outcomes["BROKE"] == 0
    assert outcomes["loaded"] > 20
    assert outcomes["BadInput"] > 20
