"""Addresses are matched to streets and located along them."""

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from apps.districts.addresses.files import read_rows
from apps.districts.addresses.interpolation import METERS_PER_DEGREE
from apps.districts.addresses.lookup import AddressIndex, Choices, NotFound
from apps.districts.addresses.parse import ParsedAddress
from apps.districts.addresses.store import replace_source
from tests.districts.addresses.helpers import found, load
from tests.districts.samples import points_file, ranges_file


@pytest.mark.parametrize(
    "text",
    ["150 Main St, Anytown, ZZ 00501", "150 main street, Anytown ZZ 00501-1234", "150 MAIN STR. Anytown ZZ 00501"],
)
def test_a_house_number_is_located_along_its_street_on_its_side(index: AddressIndex, text: str) -> None:
    hit = found(index.find_text(text))
    assert (hit.method, hit.street, hit.zip, hit.exact) == ("range", "Main St", "00501", True)
    assert hit.lon == pytest.approx(-99.999, abs=5e-5)
    assert hit.lat - 40 == pytest.approx(7 / METERS_PER_DEGREE, rel=1e-6)  # even numbers are north of it
    assert hit.accuracy == pytest.approx(85, abs=1)
    assert hit.label == "150 Main St, 00501"
    south = found(index.find(ParsedAddress("151", "Main St", zip="00501")))
    assert south.lat - 40 == pytest.approx(-7 / METERS_PER_DEGREE, rel=1e-6)


def test_descending_ranges_are_interpolated(index: AddressIndex) -> None:
    west, east = (found(index.find(ParsedAddress(number, "Down Road", zip="00502"))).lon for number in ("598", "500"))
    assert west == pytest.approx(-100 + 10 / 85_276, abs=1e-6)
    assert east == pytest.approx(-99.998 - 10 / 85_276, abs=1e-6)


def test_house_numbers_with_letters_and_dashes_are_found(index: AddressIndex) -> None:
    assert found(index.find_text("N6W23051 N Elm Blvd, Anytown, ZZ 00502")).lat > 40
    assert found(index.find_text("1-55 North Elm Boulevard, Anytown, ZZ 00502")).lat < 40
    assert index.find(ParsedAddress("55", "N Elm Blvd", zip="00502")) == NotFound("number")
    assert found(index.find_text("120A Main St Apt 4B, Anytown, ZZ 00501")).street == "Main St"
    assert found(index.find_text("120 1/2 Main St #7, Anytown, ZZ 00501")).street == "Main St"


def test_ambiguous_streets_have_choices(index: AddressIndex) -> None:
    without_type = index.find(ParsedAddress("150", "Main", zip="00501"))
    assert isinstance(without_type, Choices)
    assert sorted(each.street for each in without_type.options) == ["Main Ave", "Main St"]
    without_zip = index.find(ParsedAddress("150", "Main St"))
    assert isinstance(without_zip, Choices)
    assert sorted(each.zip for each in without_zip.options) == ["00501", "00503"]


def test_inexact_match_is_a_question(index: AddressIndex) -> None:
    for address in (ParsedAddress("151", "Main", zip="00501"), ParsedAddress("151", "W Main St", zip="00501")):
        result = index.find(address)
        assert isinstance(result, Choices)
        assert result.only is not None
        assert not result.only.exact
        assert result.only.label == "151 Main St, 00501"
        confirmed = found(index.find_text(result.only.label))
        assert confirmed.exact
        assert confirmed.lon == result.only.lon


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        (ParsedAddress("150", "Nowhere St", zip="00501"), "street"),
        (ParsedAddress("150", "Main St", zip="99999"), "street"),
        (ParsedAddress("9000", "Main St", zip="00501"), "number"),
        (ParsedAddress("", "Main St", zip="00501"), "house number"),
        (ParsedAddress("PO BOX", "Main St", zip="00501"), "house number"),
        (ParsedAddress("12", "", zip="00501"), "street"),
    ],
)
def test_the_missing_part_is_named(index: AddressIndex, address: ParsedAddress, missing: str) -> None:
    assert index.find(address) == NotFound(missing)


def test_an_empty_database_reports_that_there_are_no_addresses(tmp_path: Path) -> None:
    assert AddressIndex(tmp_path / "none.sqlite3").find_text("1 Main St, Anytown, ZZ 00501") == NotFound("addresses")


@pytest.mark.parametrize(
    "text", ["", " ", ",,,", "1", "Main St", "\x00\x00", "1 " + "Main " * 10_000, "'; DROP TABLE streets"]
)
def test_no_text_breaks_the_look_up(index: AddressIndex, text: str) -> None:
    assert isinstance(index.find_text(text), NotFound)


def test_address_points_take_precedence_over_ranges(tmp_path: Path) -> None:
    store = tmp_path / "addresses.sqlite3"
    load(store, ranges_file(tmp_path / "ranges.parquet"))
    rows = [
        ["-99.9", "40.5", "150", "Main Street", "", "Anytown", "", "ZZ", "00501"],
        ["-98.9", "40.7", "7", "Oak Ln", "", "Anytown", "", "ZZ", ""],
        ["-98.1", "40.1", "7", "Oak Ln", "", "Elsewhere", "", "ZZ", ""],
        ["", "40.5", "7", "Oak Ln", "", "", "", "", ""],
        ["-99", "40", "", "Oak Ln", "", "", "", "", ""],
        ["-99", "40", "8", "", "", "", "", "", ""],
    ]
    skipped = load(store, points_file(tmp_path / "points.csv", rows))
    assert skipped == {"no location": 1, "no house number": 1, "no street": 1}
    index = AddressIndex(store)
    hit = found(index.find_text("150 Main St, Anytown, ZZ 00501"))
    assert (hit.method, hit.lon, hit.lat) == ("point", -99.9, 40.5)
    assert found(index.find_text("7 Oak Lane, Elsewhere, ZZ 00509")).lon == pytest.approx(-98.1)
    assert found(index.find(ParsedAddress("7", "Oak Ln", "elsewhere"))).city == "Elsewhere"
    assert isinstance(index.find(ParsedAddress("7", "Oak Ln")), Choices)


@pytest.mark.real_data
@pytest.mark.skipif("VOTEKIN_REAL_DATA" not in os.environ, reason="VOTEKIN_REAL_DATA names no folder")
def test_every_range_of_a_real_county_is_located(tmp_path: Path) -> None:
    file = Path(os.environ["VOTEKIN_REAL_DATA"]) / "addrfeat_tl2021_30059_meagher_mt.parquet"
    rows = list(read_rows(file, None, Counter()))
    assert len(rows) > 800
    store = tmp_path / "addresses.sqlite3"
    replace_source(store, "meagher", "addrfeat", rows)
    index, near = AddressIndex(store), 0
    for row in rows:
        answer = index.find_text(f"{row.entry.first} {row.street}, White Sulphur Springs, MT {row.zip}")  # type: ignore[union-attr]
        options = answer.options if isinstance(answer, Choices) else [found(answer)]
        near += any(
            shapely.LineString(np.reshape(row.line, (-1, 2))).distance(shapely.Point(o.lon, o.lat)) < 2e-4
            for o in options
        )
    assert near > 0.9 * len(rows)
