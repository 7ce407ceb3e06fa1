"""The table of controls is complete and names tests that exist."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

CONTROLS = tomllib.loads((Path(__file__).parent / "controls.toml").read_text())


def test_every_control_has_a_row() -> None:
    assert set(CONTROLS) == {f"S{number}" for number in range(1, 51)} - {"S8"}


@pytest.mark.parametrize("name", sorted(CONTROLS))
def test_a_control_names_existing_tests_or_says_what_is_open(name: str) -> None:
    control = CONTROLS[name]
    assert control["title"]
    assert control["tests"] or control["open"]
    for test in control["tests"]:
        file, _, function = test.partition("::")
        tree = ast.parse((Path(settings.ROOT) / file).read_text())
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test
