"""Address files are detected by their columns."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from apps.core.errors import BadInput
from apps.districts.addresses.lookup import AddressIndex
from apps.districts.addresses.parse import ParsedAddress
from tests.districts.addresses.helpers import found, load
from tests.districts.files import geojson, parquet, shapefile
from tests.districts.samples import EAST, ranges_file


def test_every_format_is_detected(tmp_path: Path) -> None:
    for write, name in ((geojson, "a.geojson"), (shapefile, "a.zip")):
        store = tmp_path / f"{name}.sqlite3"
        skipped = load(store, ranges_file(tmp_path / name, write))
        assert skipped == {"a side without house numbers": 3, "no street": 1}
        assert found(AddressIndex(store).find(ParsedAddress("150", "Main St", zip="00501"))).method == "range"
    points = np.array([shapely.Point(-99, 40)])
    store = tmp_path / "points.sqlite3"
    load(store, geojson(tmp_path / "points.geojson", points, number=["5"], street=["Oak Ln"], postcode=["00501"]))
    assert found(AddressIndex(store).find(ParsedAddress("5", "Oak Ln", zip="00501"))).lon == -99


@pytest.mark.parametrize(
    ("kind", "words"),
    [(None, "neither the columns"), ("addrfeat", "neither the columns"), ("tiger", "must be addrfeat")],
)
def test_a_file_of_other_columns_is_refused(kind: str | None, words: str, tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", np.array([EAST]), NAME=["Main St"])
    with pytest.raises(BadInput, match=words):
        load(tmp_path / "a.sqlite3", path, kind)


def test_a_csv_without_coordinates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("number,street\n1,Oak Ln\n")
    with pytest.raises(BadInput, match=r"a\.csv lacks the column 'lon'"):
        load(tmp_path / "a.sqlite3", path)
