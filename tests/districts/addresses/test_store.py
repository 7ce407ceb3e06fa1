"""A load replaces an address file as a whole."""

from collections import Counter
from pathlib import Path

import pytest

from apps.core.errors import BadInput
from apps.districts.addresses.files import read_rows
from apps.districts.addresses.lookup import AddressIndex, AddressMatch, AddressResult
from apps.districts.addresses.parse import ParsedAddress
from apps.districts.addresses.store import replace_source
from tests.districts.samples import points_file, ranges_file


def load(store: Path, file: Path, kind: str | None = None) -> Counter[str]:
    skipped: Counter[str] = Counter()
    replace_source(store, file.name, kind or "", read_rows(file, kind, skipped))
    return skipped


@pytest.fixture
def index(tmp_path: Path) -> AddressIndex:
    store = tmp_path / "addresses" / "addresses.sqlite3"
    load(store, ranges_file(tmp_path / "ranges.parquet"))
    return AddressIndex(store)


def found(answer: AddressResult) -> AddressMatch:
    assert isinstance(answer, AddressMatch), answer
    return answer


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
