"""A folder of downloads is classified, loaded in order, and resumed."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from apps.core.errors import BadInput
from apps.districts import services
from apps.districts.models import Vintage
from apps.officials import national_import
from apps.officials.models import Election, Official
from tests.districts.files import geojson
from tests.officials.samples import MONTANA

pytestmark = pytest.mark.django_db


def run(folder: Path) -> dict[str, Any]:
    return national_import.run_import(national_import.classify_files(folder), str)


def test_files_are_classified_by_name_or_content(downloads: Path) -> None:
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


def test_only_changed_files_are_loaded_again(downloads: Path) -> None:
    first = run(downloads)
    again = run(downloads)
    assert (again["loaded"], again["there"]) == ([], first["loaded"])
    os.utime(downloads / "elections.csv", (1, 1))
    Vintage.objects.filter(layer="sldu", name="2021").delete()
    assert run(downloads)["loaded"] == ["sldu 2021", "elections elections.csv"]


def test_a_stopped_run_resumes(downloads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_an_invalid_file_is_named_and_the_rest_is_loaded(downloads: Path) -> None:
    (downloads / "tl_2022_38_cd118.zip").write_bytes(b"PK\x03\x04 broken")
    report = run(downloads)
    assert list(report["refused"]) == ["cd 118 2022"]
    assert "tl_2022_38_cd118.zip" in report["refused"]["cd 118 2022"]
    assert "sldu 2023" in report["loaded"]
    assert not Vintage.objects.filter(layer="cd").exists()


def test_a_manifest_takes_precedence_over_names(downloads: Path) -> None:
    shapes = np.array([shapely.box(-110, 39, -109, 42)])
    geojson(downloads / "mine.geojson", shapes, ocdid=[f"{MONTANA}/cd:9"])
    rows = [{"file": "mine.geojson", "layer": "cd", "vintage": "mine", "valid_from": "2020-01-01", "valid_to": None}]
    (downloads / "nation.json").write_text(json.dumps(rows))
    run(downloads)
    assert [str(each) for each in Vintage.objects.all()] == ["cd mine"]
    (downloads / "nation.json").write_text('[{"file": "mine.geojson"}]')
    with pytest.raises(BadInput, match=r"nation\.json must be a list"):
        national_import.classify_files(downloads)


def test_two_vintages_for_the_same_dates_are_refused(downloads: Path) -> None:
    rows = [{"file": f"{name}.geojson", "layer": "cd", "vintage": name} for name in ("a", "b")]
    (downloads / "nation.json").write_text(json.dumps(rows))
    with pytest.raises(BadInput, match="cd: a and b would be in force on the same dates"):
        national_import.classify_files(downloads)
