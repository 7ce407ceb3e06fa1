"""`coverage` prints the layers in force and what a nationwide site lacks."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.officials.models import Official
from apps.officials.services import load_officials
from tests.districts.samples import halves, load
from tests.officials.samples import member, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def test_layers_are_listed_with_their_office_holders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    load_officials(path=write(tmp_path / "p.jsonl.gz", [member(1, "rep", end="2099-01-03", district=1)]))
    assert Official.objects.count() == 1
    call_command("coverage", "--json")
    report = json.loads(capsys.readouterr().out)
    (row,) = report["layers"]
    assert (row["layer"], row["divisions"], row["states"], row["with_holder"]) == ("cd", 2, 1, 1)
    missing = " ".join(report["missing"])
    assert "Officials of 1 of 2 divisions of cd" in missing
    assert "Boundaries of county: load_boundaries." in missing


def test_an_empty_installation_lacks_everything(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("coverage")
    output = capsys.readouterr().out
    assert "| layer | vintage |" in output
    assert "missing: Addresses: load_addresses." in output
    assert "missing: Upcoming elections: load_elections." in output
