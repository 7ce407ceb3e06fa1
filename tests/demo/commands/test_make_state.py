"""`make_state`: writes a synthetic state and reports its rows; exits with 2 on bad arguments."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_it_writes_the_state_and_reports_its_rows(tmp_path: Path) -> None:
    output = StringIO()
    options = {"voters": 1000, "seed": 3, "as_of": date(2024, 2, 29), "layouts": "generic", "json": True}
    call_command("make_state", out=tmp_path / "out", stdout=output, **options)
    report = json.loads(output.getvalue().splitlines()[-1])
    assert report["voters"] == 1000
    assert report["rows"]["roll/generic.csv"] == 1000
    assert (tmp_path / "out" / "roll" / "generic.csv").read_text().count("\n") == 1001


def test_too_few_voters_exit_with_2_and_name_the_argument(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--voters") as error:
        call_command("make_state", out=tmp_path / "out", voters=5, seed=3)
    assert error.value.returncode == 2
    assert not (tmp_path / "out").exists()
