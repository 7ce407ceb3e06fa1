"""Districts of ZIP codes by houses, areas and tables."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from apps.core.errors import BadInput
from apps.districts import lookup, services
from tests.districts.files import geojson, shapefile
from tests.districts.samples import halves, load, ranges_file

pytestmark = pytest.mark.django_db


def shares(zip_code: str, layer: str = "cd") -> dict[str, float | None]:
    return {each.hit.ocd_id[-1]: each.share for each in lookup.districts_for_zip(zip_code)[layer]}


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    call_command("load_zips", *words, "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return report


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    """Load three ZIP codes: mostly east of the line at -99, entirely west, and a strip too thin for any grid."""
    shapes = np.array(
        [
            shapely.box(-99.1, 40, -98.7, 40.3),
            shapely.box(-100.5, 40, -100, 40.5),
            shapely.box(-99.5, 40, -99.4999, 41.9),
        ]
    )
    return shapefile(tmp_path / "tl_2020_us_zcta520.zip", shapes, ZCTA5CE20=["00701", "00702", "00703"])


def test_areas_supply_shares_in_every_layer(tmp_path: Path, areas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    assert run(capsys, str(areas))["loaded"] == 3
    assert shares("00701") == {"2": pytest.approx(0.75, abs=0.03), "1": pytest.approx(0.25, abs=0.03)}
    assert shares("00702") == shares("00703") == {"1": 1.0}
    assert {each.basis for each in lookup.districts_for_zip("00701")["cd"]} == {"area"}
    load(tmp_path, "county", "2024", halves(-100.25))
    assert shares("00702", "county") == {"1": pytest.approx(0.5, abs=0.03), "2": pytest.approx(0.5, abs=0.03)}
    assert lookup.find_address("1 Main St") == lookup.NotFound("addresses")


def test_houses_take_precedence_over_areas(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    services.load_addresses(path=ranges_file(tmp_path / "ranges.parquet"))
    before = lookup.districts_for_zip("00501")
    wrong = shapely.box(-98.9, 40, -98.5, 40.3)
    services.load_zip_areas(path=geojson(tmp_path / "zips.geojson", [wrong], GEOID20=["00501"]))
    assert lookup.districts_for_zip("00501") == before


def test_areas_are_not_a_layer(tmp_path: Path, areas: Path) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    with pytest.raises(BadInput, match="load_zips"):
        services.load_boundaries(path=areas, layer="zip_area", vintage="2020")
    with pytest.raises(CommandError, match="omit --layer"):
        call_command("load_zips", str(areas), "--layer", "cd", "--vintage", "2024")
