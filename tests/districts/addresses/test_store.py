"""A load replaces an address file as a whole."""

from pathlib import Path

import pytest

from apps.core.errors import BadInput
from apps.districts.addresses.lookup import AddressIndex
from apps.districts.addresses.parse import ParsedAddress
from tests.districts.addresses.helpers import found, load
from tests.districts.samples import points_file


def test_loading_a_file_again_replaces_it_in_open_indexes(tmp_path: Path) -> None:
    store = tmp_path / "addresses.sqlite3"
    load(store, points_file(tmp_path / "points.csv", [["-99.9", "40.5", "1", "Oak Ln", "", "", "", "", "00501"]]))
    index = AddressIndex(store, recheck_seconds=0)
    asked = ParsedAddress("1", "Oak Ln", zip="00501")
    assert found(index.find(asked)).lon == -99.9
    load(store, points_file(tmp_path / "points.csv", [["-97.5", "40.5", "1", "Oak Ln", "", "", "", "", "00501"]]))
    assert found(index.find(asked)).lon == -97.5


def test_a_failed_load_changes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "addresses.sqlite3"
    load(store, points_file(tmp_path / "points.csv", [["-99.9", "40.5", "1", "Oak Ln", "", "", "", "", "00501"]]))
    path = points_file(tmp_path / "points.csv", [["-97.5", "40.5", "1", "Oak Ln", "", "", "", "", "00501"]])
    path.write_bytes(path.read_bytes() + b"\xff\xfe not text")
    with pytest.raises(BadInput, match=r"points.csv is not a UTF-8 CSV"):
        load(store, path)
    assert found(AddressIndex(store).find(ParsedAddress("1", "Oak Ln", zip="00501"))).lon == -99.9
