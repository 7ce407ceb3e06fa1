"""Loads replace whole vintages and can be rolled back; a failed load changes nothing."""

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from apps.core.errors import BadInput, Refused
from apps.districts import lookup, services
from apps.districts.models import Vintage, boundaries_folder
from tests.districts.files import parquet
from tests.districts.samples import halves, load, ranges_file

pytestmark = pytest.mark.django_db
DAY = datetime.date


def ids(found: lookup.Districts) -> dict[str, list[str]]:
    return {layer: [hit.ocd_id.rpartition("/")[2] for hit in hits] for layer, hits in found.items()}


def test_the_same_vintage_again_replaces_it_and_can_be_rolled_back(tmp_path: Path) -> None:
    first = load(tmp_path, "cd", "2024", halves(-99))
    load(tmp_path, "cd", "2024", halves(-100))
    assert ids(lookup.districts_at(-99.5, 40.5)) == {"cd": ["cd:2"]}
    assert services.roll_back_boundaries(layer="cd", vintage="2024") == first
    assert ids(lookup.districts_at(-99.5, 40.5)) == {"cd": ["cd:1"]}
    services.roll_back_boundaries(layer="cd", vintage="2024")
    assert ids(lookup.districts_at(-99.5, 40.5)) == {"cd": ["cd:2"]}


@pytest.mark.django_db(transaction=True)
def test_only_one_earlier_load_is_stored_and_stray_folders_are_deleted(tmp_path: Path) -> None:
    for at in (-99, -100, -99.5):
        load(tmp_path, "cd", "2024", halves(at))
    assert Vintage.objects.count() == 2
    assert {path.name for path in boundaries_folder().iterdir()} == set(
        Vintage.objects.values_list("folder", flat=True)
    )
    services.remove_boundaries(layer="cd", vintage="2024")
    assert list(boundaries_folder().iterdir()) == []
    with pytest.raises(Refused, match="no vintage 2024"):
        services.remove_boundaries(layer="cd", vintage="2024")


def test_a_failed_load_leaves_the_live_one_and_no_folder(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    with pytest.raises(Refused):
        load(tmp_path, "cd", "2024", halves(-100), ids=[None, None])
    assert ids(lookup.districts_at(-99.5, 40.5)) == {"cd": ["cd:1"]}
    assert len(list(boundaries_folder().iterdir())) == 1
    with pytest.raises(Refused, match="no earlier load"):
        services.roll_back_boundaries(layer="cd", vintage="2024")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layer": "C D"}, "--layer"),
        ({"vintage": "../up"}, "--vintage"),
        ({"valid_from": DAY(2024, 1, 2), "valid_to": DAY(2024, 1, 1)}, "is before"),
        ({"path": Path("/nowhere/at/all.parquet")}, r"all\.parquet cannot be read"),
    ],
)
def test_invalid_arguments_are_named(options: dict[str, Any], words: str, tmp_path: Path) -> None:
    arguments: dict[str, Any] = {
        "path": parquet(tmp_path / "a.parquet", halves(-99), ocdid=["a", "b"]),
        "layer": "cd",
        "vintage": "1",
    }
    with pytest.raises(BadInput, match=words):
        services.load_boundaries(**(arguments | options))
    assert not Vintage.objects.exists()


def test_overlaps_are_reported_and_all_divisions_returned(tmp_path: Path) -> None:
    made = load(tmp_path, "water", "2024", np.array([shapely.box(-101, 39, -99, 42), shapely.box(-100, 39, -98, 42)]))
    assert made.report["overlaps"] == 2
    assert ids(lookup.districts_at(-99.5, 40)) == {"water": ["water:1", "water:2"]}


def test_shares_follow_addresses_that_are_loaded_later(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    assert lookup.districts_for_zip("00501") == {}
    services.load_addresses(path=ranges_file(tmp_path / "ranges.parquet"))
    assert [each.hit.ocd_id[-1] for each in lookup.districts_for_zip("00501")["cd"]] == ["1"]


def test_a_file_without_addresses_changes_nothing(tmp_path: Path) -> None:
    services.load_addresses(path=ranges_file(tmp_path / "ranges.parquet"))
    (tmp_path / "other").mkdir()
    empty = tmp_path / "other" / "ranges.parquet"
    empty.write_bytes(b"LON,LAT,NUMBER,STREET\n,,,\n")
    with pytest.raises(Refused, match="no usable address"):
        services.load_addresses(path=empty)
    assert isinstance(lookup.districts_for_address("150 Main St, Anytown, QX 00501").answer, lookup.AddressMatch)
