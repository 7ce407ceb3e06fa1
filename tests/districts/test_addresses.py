"""Addresses become points: parsed, matched to streets in one spelling, placed along the line on the right
side.
"""

import csv
import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import BadInput
from apps.districts.addresses.files import read_rows
from apps.districts.addresses.interpolation import METERS_PER_DEGREE, point_along
from apps.districts.addresses.lookup import AddressIndex, AddressMatch, Answer, Choices, NotFound
from apps.districts.addresses.parse import ParsedAddress, parse_address
from apps.districts.addresses.store import replace_source
from apps.districts.addresses.streets import house_number, street
from tests.districts.files import geojson, parquet, shapefile

EAST = shapely.LineString([(-100, 40), (-99.998, 40)])  # 170 m, drawn from west to east
RANGES: list[tuple[Any, ...]] = [
    # FULLNAME, LFROMHN, LTOHN, RFROMHN, RTOHN, ZIPL, ZIPR, PARITYL, PARITYR, line
    ("Main St", "100", "198", "101", "199", "00501", "00501", "E", "O", EAST),
    (
        "Main Ave",
        "100",
        "198",
        None,
        None,
        "00501",
        None,
        "E",
        None,
        shapely.LineString([(-100.1, 40), (-100.1, 40.01)]),
    ),
    ("Down Rd", "598", "500", "599", "501", "00502", "00502", "E", "O", EAST),
    ("N Elm Blvd", "N6W23001", "N6W23099", "1-01", "1-99", "00502", "00502", None, None, EAST),
    (
        "Main St",
        "100",
        "198",
        None,
        None,
        "00503",
        None,
        "E",
        None,
        shapely.LineString([(-101, 41), (-101, 41.01)]),
    ),
    ("State Hwy 7", "1", "99", "2", "98", "00504", "00504", "B", "B", EAST),
    (None, "1", "99", None, None, "00504", None, None, None, EAST),
]
NAMES = ["FULLNAME", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN", "ZIPL", "ZIPR", "PARITYL", "PARITYR"]


def ranges_file(path: Path, write: Any = parquet) -> Path:
    *columns, lines = (list(column) for column in zip(*RANGES, strict=True))
    made: Path = write(path, np.array(lines), **dict(zip(NAMES, columns, strict=True)))
    return made


def points_file(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["LON", "LAT", "NUMBER", "STREET", "UNIT", "CITY", "DISTRICT", "REGION", "POSTCODE"], *rows]
        )
    return path


def load(store: Path, file: Path, kind: str | None = None) -> Counter[str]:
    skipped: Counter[str] = Counter()
    replace_source(store, file.name, kind or "", read_rows(file, kind, skipped))
    return skipped


@pytest.fixture
def index(tmp_path: Path) -> AddressIndex:
    store = tmp_path / "addresses" / "addresses.sqlite3"
    load(store, ranges_file(tmp_path / "ranges.parquet"))
    return AddressIndex(store)


def found(answer: Answer) -> AddressMatch:
    assert isinstance(answer, AddressMatch), answer
    return answer


@pytest.mark.parametrize(
    "text",
    ["150 Main St, Anytown, ZZ 00501", "150 main street, Anytown ZZ 00501-1234", "150 MAIN STR. Anytown ZZ 00501"],
)
def test_a_number_is_placed_along_its_street_on_its_side(index: AddressIndex, text: str) -> None:
    hit = found(index.find_text(text))
    assert (hit.method, hit.street, hit.zip, hit.exact) == ("range", "Main St", "00501", True)
    assert hit.lon == pytest.approx(-99.999, abs=5e-5)
    assert hit.lat - 40 == pytest.approx(7 / METERS_PER_DEGREE, rel=1e-6)  # even numbers stand north of it
    assert hit.accuracy == pytest.approx(85, abs=1)
    assert hit.label == "150 Main St, 00501"
    south = found(index.find(ParsedAddress("151", "Main St", zip="00501")))
    assert south.lat - 40 == pytest.approx(-7 / METERS_PER_DEGREE, rel=1e-6)


def test_ranges_that_run_down(index: AddressIndex) -> None:
    west, east = (found(index.find(ParsedAddress(number, "Down Road", zip="00502"))).lon for number in ("598", "500"))
    assert west == pytest.approx(-100 + 10 / 85_276, abs=1e-6)
    assert east == pytest.approx(-99.998 - 10 / 85_276, abs=1e-6)


def test_house_numbers_with_letters_and_dashes(index: AddressIndex) -> None:
    assert found(index.find_text("N6W23051 N Elm Blvd, Anytown, ZZ 00502")).lat > 40
    assert found(index.find_text("1-55 North Elm Boulevard, Anytown, ZZ 00502")).lat < 40
    assert index.find(ParsedAddress("55", "N Elm Blvd", zip="00502")) == NotFound("number")
    assert found(index.find_text("120A Main St Apt 4B, Anytown, ZZ 00501")).street == "Main St"
    assert found(index.find_text("120 1/2 Main St #7, Anytown, ZZ 00501")).street == "Main St"


def test_ambiguous_streets_give_choices(index: AddressIndex) -> None:
    without_type = index.find(ParsedAddress("150", "Main", zip="00501"))
    assert isinstance(without_type, Choices)
    assert sorted(each.street for each in without_type.options) == ["Main Ave", "Main St"]
    without_zip = index.find(ParsedAddress("150", "Main St"))
    assert isinstance(without_zip, Choices)
    assert sorted(each.zip for each in without_zip.options) == ["00501", "00503"]
    assert not found(index.find(ParsedAddress("151", "Main", zip="00501"))).exact


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
def test_what_was_not_found_is_said(index: AddressIndex, address: ParsedAddress, missing: str) -> None:
    assert index.find(address) == NotFound(missing)


def test_an_empty_store_says_that_there_are_no_addresses(tmp_path: Path) -> None:
    assert AddressIndex(tmp_path / "none.sqlite3").find_text("1 Main St, Anytown, ZZ 00501") == NotFound("addresses")


@pytest.mark.parametrize(
    "text", ["", " ", ",,,", "1", "Main St", "\x00\x00", "1 " + "Main " * 10_000, "'; DROP TABLE streets"]
)
def test_no_text_breaks_the_look_up(index: AddressIndex, text: str) -> None:
    assert isinstance(index.find_text(text), NotFound)


@given(st.text(max_size=60))
def test_parsing_never_raises(text: str) -> None:
    assert isinstance(parse_address(text), ParsedAddress)


def test_address_points_beat_ranges_and_know_their_city(tmp_path: Path) -> None:
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


def test_loading_a_file_again_replaces_it_and_open_indexes_see_it(tmp_path: Path) -> None:
    store = tmp_path / "addresses.sqlite3"
    load(store, points_file(tmp_path / "points.csv", [["-99.9", "40.5", "1", "Oak Ln", "", "", "", "", "00501"]]))
    index = AddressIndex(store, recheck_seconds=0)
    asked = ParsedAddress("1", "Oak Ln", zip="00501")
    assert found(index.find(asked)).lon == -99.9
    load(store, points_file(tmp_path / "points.csv", [["-97.5", "40.5", "1", "Oak Ln", "", "", "", "", "00501"]]))
    assert found(index.find(asked)).lon == -97.5


def test_a_load_that_fails_changes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "addresses.sqlite3"
    load(store, points_file(tmp_path / "points.csv", [["-99.9", "40.5", "1", "Oak Ln", "", "", "", "", "00501"]]))
    path = points_file(tmp_path / "points.csv", [["-97.5", "40.5", "1", "Oak Ln", "", "", "", "", "00501"]])
    path.write_bytes(path.read_bytes() + b"\xff\xfe not text")
    with pytest.raises(BadInput, match=r"points\.csv is not UTF-8 CSV"):
        load(store, path)
    assert found(AddressIndex(store).find(ParsedAddress("1", "Oak Ln", zip="00501"))).lon == -99.9


def test_every_kind_of_file_is_recognised(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("North Main Street", "n main st"),
        ("N. Main St.", "n main st"),
        ("Main Street NW", "main st nw"),
        ("North Street", "north st"),
        ("Saint Mary's Avenue", "st marys ave"),
        ("Fifth Avenue", "5th ave"),
        ("5th Ave", "5th ave"),
        ("State Highway 7", "st hwy 7"),
        ("Avenue B", "ave b"),
        ("Martin Luther King Jr Boulevard", "martin luther king jr blvd"),
        ("Calle de la Peña", "calle de la peña"),
        ("Street", "st"),
        ("", ""),
    ],
)
def test_streets_have_one_spelling(text: str, key: str) -> None:
    assert street(text).key == key
    assert street(street(text).key).key == key


@given(st.text(max_size=30))
def test_spelling_twice_changes_nothing_and_never_raises(text: str) -> None:
    house_number(text)
    street(text)


@given(
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(-99.01, -98.99), st.floats(39.99, 40.01)), min_size=2, max_size=6, unique=True),
    st.booleans(),
)
def test_a_place_stands_beside_its_line(share: float, line: list[tuple[float, float]], left: bool) -> None:
    flat = [value for point in line for value in point]
    lon, lat, metres = point_along(flat, share, left)
    wide = METERS_PER_DEGREE * np.cos(np.radians(line[0][1]))
    scaled = shapely.LineString([(x * wide, y * METERS_PER_DEGREE) for x, y in line])
    assert metres == pytest.approx(scaled.length, rel=1e-6)
    assert scaled.distance(shapely.Point(lon * wide, lat * METERS_PER_DEGREE)) <= 7.001


@pytest.mark.real_data
@pytest.mark.skipif("VOTEKIN_REAL_DATA" not in os.environ, reason="VOTEKIN_REAL_DATA names no folder")
def test_every_range_of_a_real_county_is_found_where_it_is_drawn(tmp_path: Path) -> None:
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
