"""`load_elections` reports the counts and ends with the documented exit status."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.officials.samples import GENERAL, HEADER

pytestmark = pytest.mark.django_db


def file(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_report_and_the_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_elections", str(file(tmp_path / "e.csv", GENERAL)), "--json")
    assert json.loads(capsys.readouterr().out)["new"] == 1
    for content, status in ((HEADER, 1), ("name\n", 2)):
        (tmp_path / "bad.csv").write_text(content)
        with pytest.raises(CommandError) as stopped:
            call_command("load_elections", str(tmp_path / "bad.csv"))
        assert stopped.value.returncode == status
