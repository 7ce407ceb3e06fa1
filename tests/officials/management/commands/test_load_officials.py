"""`load_officials` reports the counts and ends with the documented exit status."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.officials.samples import person, role

pytestmark = pytest.mark.django_db


def test_a_json_list_is_loaded_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "people.json"
    path.write_text(json.dumps([person(1, role("upper", "3"))], indent=1))
    call_command("load_officials", str(path), "--as-of", "2024-06-01", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["kind"], report["loaded"], report["as_of"]) == ("openstates", 1, "2024-06-01")
    for words, status in (((str(path), "--as-of", "soon"), 2), ((f"{path}.gone",), 2)):
        with pytest.raises(CommandError) as stopped:
            call_command("load_officials", *words)
        assert stopped.value.returncode == status
