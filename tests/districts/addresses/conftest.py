"""An address index of a small fictional town."""

from pathlib import Path

import pytest

from apps.districts.addresses.lookup import AddressIndex
from tests.districts.addresses.helpers import load
from tests.districts.samples import ranges_file


@pytest.fixture
def index(tmp_path: Path) -> AddressIndex:
    store = tmp_path / "addresses" / "addresses.sqlite3"
    load(store, ranges_file(tmp_path / "ranges.parquet"))
    return AddressIndex(store)
