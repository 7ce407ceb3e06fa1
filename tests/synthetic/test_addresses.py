"""Address files: TIGER's columns, the quirks of real ranges, and points on the right side of the street."""

import csv

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from apps.synthetic.addresses import capacity, house_numbers, points
from apps.synthetic.grids import street_names
from apps.synthetic.layout import lay_out, zip_codes
from apps.synthetic.streets import BOTH, Streets
from apps.synthetic.tables import towns

from .conftest import GeneratedState


@pytest.fixture(scope="module")
def streets() -> Streets:
    return lay_out(1000, np.random.default_rng(5))


def test_addrfeat_has_the_columns_of_tiger_and_the_city(generated: GeneratedState) -> None:
    table = pq.read_table(generated.path / "addresses/addrfeat.parquet")
    assert set(table.column_names) == set(
        "TLID LINEARID FULLNAME LFROMHN LTOHN RFROMHN RTOHN ZIPL ZIPR PARITYL PARITYR LCITY RCITY ROAD_MTFCC"
        " geometry".split()
    )
    assert table["TLID"].to_pylist() == sorted(set(table["TLID"].to_pylist()))


def test_ranges_have_the_quirks_of_real_ones(generated: GeneratedState) -> None:
    rows = pq.read_table(generated.path / "addresses/addrfeat.parquet").drop(["geometry"]).to_pylist()
    numbers = [(r["LFROMHN"], r["LTOHN"]) for r in rows if r["LFROMHN"]]
    assert any(a.isdigit() and int(a) > int(b) for a, b in numbers)
    assert any(a.isdigit() and int(a) < int(b) for a, b in numbers)
    assert any(a.startswith("N") for a, _ in numbers)
    assert any(r["LFROMHN"] is None and r["ZIPL"] is None and r["RFROMHN"] for r in rows)
    names = {r["FULLNAME"] for r in rows}
    assert {"Coopers Row", "N 12th Ave", "3rd St"} <= names
    assert any(name.startswith("US Hwy ") for name in names)
    for row in rows:
        for side in "LR":
            if row[f"{side}FROMHN"]:
                odd = int(row[f"{side}FROMHN"].lstrip("N")) % 2
                assert row[f"PARITY{side}"] == "EO"[odd]


def test_a_block_has_each_number_once(streets: Streets) -> None:
    for block in range(0, len(streets), 97):
        slots = int(capacity(streets, np.array([block]))[0])
        at = np.full(slots, block)
        numbers = house_numbers(streets, at, np.arange(slots))
        assert len(set(numbers.tolist())) == slots
        assert numbers.min() >= streets.base[block]
        assert numbers.max() <= streets.base[block] + streets.span[block]


def test_odd_and_even_numbers_stand_on_their_sides(streets: Streets) -> None:
    block = np.flatnonzero(streets.sides == BOTH)[:300]
    for offset in (20, 31):
        number = streets.base[block] + offset
        place = points(streets, block, number)
        line = shapely.linestrings(streets.line[block])
        left = shapely.offset_curve(line, 0.00008)
        expected_left = (number % 2 == 1) == streets.odd_left[block]
        nearer_left = shapely.distance(shapely.points(place), left) < 0.00004
        assert (nearer_left == expected_left).mean() > 0.99


def test_there_are_street_names_for_the_largest_state() -> None:
    names = street_names(13_000, np.random.default_rng(1))
    assert len({name.rsplit(" ", 1)[0] for name in names}) == 13_000
    with pytest.raises(ValueError, match="add to data"):
        street_names(20_000, np.random.default_rng(1))


@pytest.mark.slow
def test_streets_of_the_largest_state_are_laid_out() -> None:
    largest = lay_out(10_000_000, np.random.default_rng(5))
    assert 200_000 < len(largest) < 400_000
    town = largest.take(~largest.rural)
    assert np.bincount(town.town)[0] > 0.2 * len(town)


def test_zip_codes_are_unassigned_and_belong_to_one_town() -> None:
    codes = [code for town in zip_codes() for code in town]
    assert len(codes) == len(set(codes)) == sum(town["zips"] for town in towns())
    assert {code[:3] for code in codes} == {"001", "002", "003", "004"}


def test_some_zip_codes_cross_district_lines(generated: GeneratedState) -> None:
    districts: dict[str, set[str]] = {}
    for row in generated.generic:
        districts.setdefault(row["zip"], set()).add(row["cd"])
    assert sum(len(found) > 1 for found in districts.values()) >= 3


def test_openaddresses_has_its_columns_and_points_in_one_county(generated: GeneratedState) -> None:
    with (generated.path / "addresses/openaddresses.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == "LON LAT NUMBER STREET UNIT CITY DISTRICT REGION POSTCODE ID HASH".split()
    assert len(rows) - 1 == generated.manifest["rows"]["addresses/openaddresses.csv"]
    assert len({row[9] for row in rows[1:]}) == len({row[10] for row in rows[1:]}) == len(rows) - 1
    county = generated.layer("county_2023.parquet")["ocd-division/country:us/state:hd/county:marrick"]
    xy = np.array([[float(row[0]), float(row[1])] for row in rows[1:]])
    assert shapely.contains_xy(county, xy[:, 0], xy[:, 1]).mean() > 0.97  # a block may cross the line
