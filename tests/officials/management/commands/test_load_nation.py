"""`load_nation` loads a folder and reports what is missing; `coverage` shows it."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def test_missing_data_is_reported(downloads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_nation", str(downloads), "--json")
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    told = " ".join(report["missing"])
    for words in (
        "Boundaries of county",
        "Boundaries of state",
        "Boundaries of cd in 49 states",
        "Officials of sldu",
        "Upcoming elections",
    ):
        assert words in told
    assert "Addresses" not in told
    call_command("load_nation", str(downloads))
    assert "there: 8" in capsys.readouterr().out
    call_command("coverage")
    assert "| cd | 118 2022 | tl_2022_30_cd118.zip and 1 more | 3 | 2 |" in capsys.readouterr().out
    for words, status in ((str(downloads / "no"), 2), (str(downloads / "empty"), 1)):
        (downloads / "empty").mkdir(exist_ok=True)
        with pytest.raises(CommandError) as stopped:
            call_command("load_nation", words)
        assert stopped.value.returncode == status
