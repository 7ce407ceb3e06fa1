"""A folder of downloads: which file is what, stopping and starting again, and what is told to be missing."""

import gzip
import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from apps.core.errors import BadInput
from apps.districts import services
from apps.districts.models import Vintage
from apps.districts.ocd_list import compare_with_list, divisions, load_divisions
from apps.officials import national_import
from apps.officials.models import Election, Official
from tests.districts.files import geojson, shapefile
from tests.districts.test_addresses import ranges_file
from tests.officials.test_elections import GENERAL, HEADER
from tests.officials.test_officials import member, write

pytestmark = pytest.mark.django_db
MONTANA = "ocd-division/country:us/state:mt"


@pytest.fixture(autouse=True)
def data_dir(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    return Path(settings.DATA_DIR)


def census(folder: Path, name: str, state: str, west: float, **columns: list[Any]) -> Path:
    """A Census file of two districts of one state."""
    halves = np.array([shapely.box(west, 39, west + 1, 42), shapely.box(west + 1, 39, west + 2, 42)])
    made = shapefile(folder / name, halves, STATEFP=[state] * 2, **columns)
    shutil.rmtree(made.with_suffix(""))
    return made


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """What somebody downloads: lines of two states, of the nation, of another year; addresses; people; the rest."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    census(folder, "tl_2022_30_cd118.zip", "30", -110, CD118FP=["01", "02"], NAMELSAD=["One", "Two"])
    census(folder, "tl_2022_38_cd118.zip", "38", -101, CD118FP=["00", "ZZ"], NAMELSAD=["At large", "Water"])
    census(folder, "cb_2022_us_cd118_20m.zip", "30", -110, CD118FP=["01", "02"], NAMELSAD=["One", "Two"])
    for year in ("2021", "2023"):
        census(folder, f"tl_{year}_30_sldu.zip", "30", -110, SLDUST=["001", "002"], NAMELSAD=["One", "Two"])
    ranges_file(folder / "tl_2021_30059_addrfeat.parquet")
    write(
        folder / "legislators-current.jsonl.gz",
        [member(1, "sen", state="MT"), member(2, "rep", state="MT", district=1)],
    )
    write(folder / "offices.jsonl.gz", [{"id": {"bioguide": "Q000001"}, "offices": [{"phone": "701-555-0101"}]}])
    (folder / "elections.csv").write_text(f"{HEADER}\n{GENERAL}\n")
    with gzip.open(folder / "country-us.csv.gz", "wt") as file:
        file.write(f"id,name\n{MONTANA},Montana\n{MONTANA}/cd:1,Montana's 1st\n{MONTANA}/cd:3,Montana's 3rd\n")
    (folder / "same.csv").write_text(f"id,sameAs\n{MONTANA}/place:butte,{MONTANA}/county:silver_bow\n")
    (folder / "notes.pdf").write_bytes(b"%PDF")
    return folder


def run(folder: Path) -> dict[str, Any]:
    return national_import.run_import(national_import.classify_files(folder), str)


def test_everything_is_known_by_its_name_or_content(downloads: Path) -> None:
    report = run(downloads)
    assert report["refused"] == {}
    assert report["unknown"] == ["notes.pdf"]
    assert [title.split()[0] for title in report["loaded"]] == [
        *("list", "cd", "sldu", "sldu", "addresses", "people", "people", "elections")
    ]
    lines = Vintage.objects.get(layer="cd")
    assert (lines.name, lines.valid_from, lines.divisions) == ("118 2022", date(2023, 1, 3), 3)
    assert lines.source == "tl_2022_30_cd118.zip and 1 more"
    assert (lines.report["read"], lines.report["skipped"]) == (4, {"no district there (water)": 1})
    assert (lines.report["in_list"], lines.report["not_in_list"], lines.report["listed_but_missing"]) == (1, 2, 1)
    assert lines.report["listed_but_missing_examples"] == [f"{MONTANA}/cd:3"]
    assert [str(each.valid_from) for each in Vintage.objects.filter(layer="sldu")] == ["2021-01-01", "2023-01-01"]
    assert Official.objects.get(key="bioguide/Q000001").offices[-1]["phone"] == "701-555-0101"
    assert Election.objects.count() == 1
    assert list(services.address_sources()) == ["tl_2021_30059_addrfeat.parquet"]


def test_what_is_there_is_not_loaded_again_and_what_changed_is(downloads: Path) -> None:
    first = run(downloads)
    again = run(downloads)
    assert (again["loaded"], again["there"]) == ([], first["loaded"])
    os.utime(downloads / "elections.csv", (1, 1))
    Vintage.objects.filter(layer="sldu", name="2021").delete()
    assert run(downloads)["loaded"] == ["sldu 2021", "elections elections.csv"]


def test_a_run_that_was_stopped_goes_on(downloads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(**_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(national_import, "load_officials", stop)
        with pytest.raises(KeyboardInterrupt):
            run(downloads)
    assert national_import.completed_steps()[national_import.HOUSES_COUNTED] == "no"
    counted: list[int] = []
    monkeypatch.setattr(services, "count_houses", lambda: counted.append(1))
    report = run(downloads)
    assert [title.split()[0] for title in report["loaded"]] == ["people", "people", "elections"]
    assert counted == [1]
    run(downloads)
    assert counted == [1]


def test_one_bad_file_is_named_and_the_rest_is_loaded(downloads: Path) -> None:
    (downloads / "tl_2022_38_cd118.zip").write_bytes(b"PK\x03\x04 broken")
    report = run(downloads)
    assert list(report["refused"]) == ["cd 118 2022"]
    assert "tl_2022_38_cd118.zip" in report["refused"]["cd 118 2022"]
    assert "sldu 2023" in report["loaded"]
    assert not Vintage.objects.filter(layer="cd").exists()


def test_a_list_of_lines_goes_before_names(downloads: Path) -> None:
    shapes = np.array([shapely.box(-110, 39, -109, 42)])
    geojson(downloads / "mine.geojson", shapes, ocdid=[f"{MONTANA}/cd:9"])
    rows = [{"file": "mine.geojson", "layer": "cd", "vintage": "mine", "valid_from": "2020-01-01", "valid_to": None}]
    (downloads / "nation.json").write_text(json.dumps(rows))
    run(downloads)
    assert [str(each) for each in Vintage.objects.all()] == ["cd mine"]
    (downloads / "nation.json").write_text('[{"file": "mine.geojson"}]')
    with pytest.raises(BadInput, match=r"nation\.json must be a list"):
        national_import.classify_files(downloads)


def test_two_sets_of_lines_for_the_same_days_are_refused(downloads: Path) -> None:
    rows = [{"file": f"{name}.geojson", "layer": "cd", "vintage": name} for name in ("a", "b")]
    (downloads / "nation.json").write_text(json.dumps(rows))
    with pytest.raises(BadInput, match="cd: a and b would be in force on the same dates"):
        national_import.classify_files(downloads)


def test_the_command_tells_what_is_missing(downloads: Path, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_the_list_replaces_the_one_before_or_stays(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"id,name\n{MONTANA},Montana\n")
    load_divisions([good])
    for content, words in ((f"id,name\n{MONTANA},Big Sky\nMT,x\n", "not an OCD id"), ("a,b\n1,2\n", "no list of OCD ids")):
        bad.write_text(content)
        with pytest.raises(BadInput, match=words):
            load_divisions([bad])
        known = divisions().get(MONTANA)
        assert known is not None
        assert known.name == "Montana"
    assert compare_with_list([MONTANA, f"{MONTANA}/cd:1"], date(2024, 1, 1))["not_in_list"] == 1
