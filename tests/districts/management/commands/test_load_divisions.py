"""The list of OCD ids is replaced as a whole, or not at all."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.core.errors import BadInput
from apps.districts.ocd_list import compare_with_list, divisions, load_divisions
from tests.districts.management.commands.reports import run

pytestmark = pytest.mark.django_db
MONTANA = "ocd-division/country:us/state:mt"


def test_a_list_is_replaced_or_left_unchanged(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"id,name\n{MONTANA},Montana\n")
    load_divisions([good])
    for content, words in (
        (f"id,name\n{MONTANA},Big Sky\nMT,x\n", "not an OCD id"),
        ("a,b\n1,2\n", "not a list of OCD ids"),
    ):
        bad.write_text(content)
        with pytest.raises(BadInput, match=words):
            load_divisions([bad])
        known = divisions().get(MONTANA)
        assert known is not None
        assert known.name == "Montana"
    assert compare_with_list([MONTANA, f"{MONTANA}/cd:1"], date(2024, 1, 1))["not_in_list"] == 1


def test_the_command_reports_divisions_and_aliases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "us.csv").write_text(f"id,name\n{MONTANA},Montana\n")
    (tmp_path / "same.csv").write_text(f"id,sameAs\n{MONTANA}/place:butte,{MONTANA}/county:silver_bow\n")
    report = run(capsys, "load_divisions", str(tmp_path / "us.csv"), str(tmp_path / "same.csv"))
    assert (report["divisions"], report["aliases"]) == (1, 2)
    (tmp_path / "us.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="not a list of OCD ids") as caught:
        call_command("load_divisions", str(tmp_path / "us.csv"))
    assert caught.value.returncode == 2
