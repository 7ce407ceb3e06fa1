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


@pytest.mark.parametrize("seed", [254, 274, 37566])
def test_files_that_broke_the_loader_once(tmp_path: Path, seed: int) -> None:
    """An unreadable .prj, and a .cpg that ends too early inside its zip."""
    assert run(seed, seed + 1, tmp_path / "work", tmp_path)["BadInput"] == 1
