"""Lookups of points, addresses and ZIP codes on any date."""

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from apps.districts import lookup, services
from apps.districts.addresses.parse import ParsedAddress
from tests.districts.files import parquet
from tests.districts.geometry import crooked
from tests.districts.samples import STATE, halves, load, ranges_file

pytestmark = pytest.mark.django_db
DAY = datetime.date


def ids(found: lookup.Districts) -> dict[str, list[str]]:
    return {layer: [hit.ocd_id.rpartition("/")[2] for hit in hits] for layer, hits in found.items()}


def test_a_point_has_its_division_in_every_layer(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    load(tmp_path, "county", "2024", crooked(3, 3, west=-101, south=39, size=1))
    found = lookup.districts_at(-99.5, 40.5)
    assert ids(found)["cd"] == ["cd:1"]
    assert [hit.name for hit in found["cd"]] == ["District 1"]
    assert found["cd"][0].layer_title == "Congressional district"
    assert found["cd"][0].vintage.name == "2024"
    assert len(found["county"]) == 1
    assert ids(lookup.districts_at(0, 0)) == {"cd": [], "county": []}
    assert ids(lookup.districts_at(float("nan"), 1e308)) == {"cd": [], "county": []}


def test_the_date_selects_the_vintage(tmp_path: Path) -> None:
    load(tmp_path, "cd", "undated", halves(-100.9))
    load(tmp_path, "cd", "old", halves(-99), valid_from=DAY(2013, 1, 3), valid_to=DAY(2023, 1, 2))
    load(tmp_path, "cd", "new", halves(-100), valid_from=DAY(2023, 1, 3))
    load(tmp_path, "cd", "newer", halves(-100), valid_from=DAY(2023, 1, 3))

    def on(day: DAY) -> tuple[str, str]:
        hit = lookup.districts_at(-99.5, 40.5, day)["cd"][0]
        return hit.vintage.name, hit.ocd_id.rpartition(":")[2]

    assert on(DAY(2012, 12, 31)) == ("undated", "2")
    assert on(DAY(2013, 1, 3)) == ("old", "1")
    assert on(DAY(2023, 1, 2)) == ("old", "1")
    assert on(DAY(2023, 1, 3)) == ("newer", "2")
    assert lookup.vintages_on(DAY(2030, 1, 1))["cd"].name == "newer"


def test_current_and_next_districts_as_in_the_kansas_senate_of_2022_to_2024(tmp_path: Path) -> None:
    """House and Congress got new districts in January 2023; senators elected in 2020 kept theirs for two more years."""
    for layer, switch in (("sldl", DAY(2023, 1, 9)), ("sldu", DAY(2025, 1, 13))):
        load(
            tmp_path,
            layer,
            "2012",
            halves(-99),
            valid_from=DAY(2013, 1, 14),
            valid_to=switch - datetime.timedelta(1),
        )
        load(tmp_path, layer, "2022", halves(-100), valid_from=switch)
    point = (-99.5, 40.5)

    def of(day: DAY, seats_from: DAY | None = None) -> dict[str, tuple[Any, ...]]:
        found = lookup.timelines_at(*point, day, seats_from)
        return {
            layer: (clock.today[0].ocd_id[-1], clock.next[0].ocd_id[-1], clock.differs, clock.changes_on)
            for layer, clock in found.items()
        }

    assert of(DAY(2022, 10, 1), DAY(2023, 1, 9)) == {
        "sldl": ("1", "2", True, DAY(2023, 1, 9)),
        "sldu": ("1", "1", False, None),
    }
    for seats_from in (None, DAY(2025, 1, 13)):
        assert of(DAY(2024, 6, 1), seats_from) == {
            "sldl": ("2", "2", False, None),
            "sldu": ("1", "2", True, DAY(2025, 1, 13)),
        }
    assert of(DAY(2025, 1, 13)) == {"sldl": ("2", "2", False, None), "sldu": ("2", "2", False, None)}


@pytest.mark.django_db(transaction=True)
def test_a_load_takes_effect_at_once_and_vintages_are_cached(
    tmp_path: Path, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "CACHE_SECONDS", 3600.0)
    load(tmp_path, "cd", "2024", halves(-99))
    assert ids(lookup.districts_at(-99.5, 40.5)) == {"cd": ["cd:1"]}
    load(tmp_path, "cd", "2024", halves(-100))
    assert ids(lookup.districts_at(-99.5, 40.5)) == {"cd": ["cd:2"]}
    with django_assert_num_queries(0):
        lookup.districts_at(-99.5, 40.5)
    services.roll_back_boundaries(layer="cd", vintage="2024")
    assert ids(lookup.districts_at(-99.5, 40.5)) == {"cd": ["cd:1"]}
    services.remove_boundaries(layer="cd", vintage="2024")
    assert lookup.districts_at(-99.5, 40.5) == {}


def test_many_points_at_once_equal_one_at_a_time(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2024", crooked(4, 3, west=-101, south=39, size=0.7))
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(-101.2, -98, 400), rng.uniform(38.8, 41.3, 400)
    batch = lookup.lookup_many(lon, lat)["cd"]
    found: list[list[str]] = [[] for _ in lon]
    for point, division in zip(batch.points, batch.divisions, strict=True):
        found[point].append(batch.ids[division])
    assert found == [
        [hit.ocd_id for hit in lookup.districts_at(*each)["cd"]]
        for each in zip(lon.tolist(), lat.tolist(), strict=True)
    ]


def test_an_address_has_districts_and_an_ambiguous_one_has_none(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2024", halves(-99.999))
    services.load_addresses(path=ranges_file(tmp_path / "ranges.parquet"))
    west = lookup.districts_for_address("102 Main St, Anytown, QX 00501")
    east = lookup.districts_for_address(ParsedAddress("196", "Main Street", zip="00501"))
    assert (ids(west.districts), ids(east.districts)) == ({"cd": ["cd:1"]}, {"cd": ["cd:2"]})
    assert isinstance(west.answer, lookup.AddressMatch)
    assert west.answer.method == "range"
    unclear = lookup.districts_for_address("150 Main, Anytown, QX 00501")
    assert isinstance(unclear.answer, lookup.Choices)
    assert unclear.districts == {}
    assert lookup.districts_for_address("1 Nowhere Rd, Anytown, QX 00501").answer == lookup.NotFound("street")


def test_a_zip_code_has_all_its_divisions_with_shares(tmp_path: Path) -> None:
    services.load_addresses(path=ranges_file(tmp_path / "ranges.parquet"))
    load(tmp_path, "cd", "2024", halves(-99.9995))
    shares = lookup.districts_for_zip("00502-1234")["cd"]
    assert [each.hit.ocd_id[-1] for each in shares] == ["2", "1"]
    assert sum(share.share or 0 for share in shares) == pytest.approx(1)
    assert shares[0].share == pytest.approx(2 / 3, abs=0.1)
    assert lookup.districts_for_zip("99999") == {}
    load(tmp_path, "cd", "2024", halves(-99))
    assert [each.share for each in lookup.districts_for_zip("00502")["cd"]] == [1.0]


def test_outlines_names_and_neighbors_of_a_division(tmp_path: Path) -> None:
    geometries = crooked(3, 3, west=-101, south=39, size=1)
    load(tmp_path, "county", "2024", geometries)
    middle = f"{STATE}/county:5"
    hit = lookup.division(middle)
    assert hit is not None
    assert (hit.name, hit.layer) == ("District 5", "county")
    around = {each.ocd_id[-1] for each in lookup.neighbors(middle)}
    assert around >= set("2468")
    assert around <= set("12346789")
    outline = lookup.outline(middle)
    assert outline is not None
    drawn = shapely.geometry.shape(outline)
    assert drawn.symmetric_difference(geometries[4]).area < 0.02 * geometries[4].area
    assert lookup.outline(f"{STATE}/county:99") is None
    assert lookup.neighbors("nothing") == []
    assert lookup.division("nothing") is None


def test_a_division_without_name_is_named_by_its_id(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", halves(-99), ocdid=[f"{STATE}/cd:at-large", f"{STATE}/cd:4"])
    services.load_boundaries(path=path, layer="cd", vintage="1")
    names = [lookup.districts_at(lon, 40)["cd"][0].name for lon in (-100, -98.5)]
    assert names == ["Congressional district At-Large", "Congressional district 4"]


def test_a_look_up_runs_one_query(tmp_path: Path, django_assert_num_queries: Any) -> None:
    load(tmp_path, "cd", "2024", halves(-99))
    load(tmp_path, "county", "2024", halves(-99))
    with django_assert_num_queries(1):
        lookup.districts_at(-99.5, 40.5)
