"""Boundaries: every layer a valid coverage of the same land, dated without gaps, the same in every format."""

import json
from collections import defaultdict

import numpy as np
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from apps.synthetic.constants import BOUNDS, DISTRICTS, ROOT, Calendar
from apps.synthetic.geography import make_geography

from .conftest import AS_OF, GeneratedState

LAYERS = {"state": 1, "county": 14, **DISTRICTS}


def listed(generated: GeneratedState) -> list[dict[str, object]]:
    return json.loads((generated.path / "boundaries/boundaries.json").read_text())


def files(generated: GeneratedState, layer: str) -> list[str]:
    return [str(f["file"]) for f in listed(generated) if f["layer"] == layer and f["copy_of"] is None]


@pytest.mark.parametrize("layer", ["state", "county", "precinct", "cd", "sldu", "sldl"])
def test_a_layer_covers_the_state_without_gap_or_overlap(generated: GeneratedState, layer: str) -> None:
    land = generated.layer("state.parquet")[ROOT]
    for file in files(generated, layer):
        shapes = np.array(list(generated.layer(file).values()))
        assert shapely.is_valid(shapes).all()
        assert shapely.coverage_is_valid(shapes, gap_width=1e-4)
        assert shapely.coverage_union_all(shapes).equals(land)


def test_each_layer_has_all_its_districts_under_their_ids(generated: GeneratedState) -> None:
    for layer, count in LAYERS.items():
        for file in files(generated, layer):
            ids = list(generated.layer(file))
            assert len(ids) == len(set(ids)) == count
    assert f"{ROOT}/cd:4" in generated.layer("cd_2021.parquet")
    assert f"{ROOT}/county:harrow_bay" in generated.layer("county_2023.parquet")
    assert f"{ROOT}/county:isel/precinct:136" in generated.layer("precinct_2026-06.parquet")


def test_vintages_of_a_layer_follow_one_another(generated: GeneratedState) -> None:
    dates = defaultdict(list)
    for row in listed(generated):
        if row["copy_of"] is None:
            dates[row["layer"]].append((row["valid_from"], row["valid_to"]))
    assert dates["cd"] == [("2023-01-03", "2027-01-03"), ("2027-01-03", None)]
    assert dates["sldu"] == [("2023-01-03", "2027-01-03"), ("2027-01-03", None)]
    assert dates["sldl"] == [("2013-01-03", "2023-01-03"), ("2023-01-03", "2033-01-03")]
    assert dates["state"] == [(None, None)]


@pytest.mark.parametrize("day", ["2024-02-29", "2026-01-01", "2025-12-31", "2028-01-17"])
def test_lines_always_change_43_days_after_the_day_of_making(day: str) -> None:
    calendar = Calendar(AS_OF.fromisoformat(day))
    assert (calendar.switch - calendar.as_of).days == 43
    assert calendar.shifted(-4) < calendar.as_of < calendar.switch < calendar.shifted(6)
    assert calendar.last_general < calendar.as_of < calendar.special < calendar.primary < calendar.general
    assert {d.weekday() for d in (calendar.special, calendar.primary, calendar.general)} == {1}


def test_the_home_changes_its_congressional_district(generated: GeneratedState) -> None:
    home = shapely.point_on_surface(generated.layer("precinct_2026-06.parquet")[f"{ROOT}/county:isel/precinct:136"])
    found = {
        file: [key.rsplit("/", 1)[1] for key, shape in generated.layer(file).items() if shape.contains(home)]
        for file in ("cd_2021.parquet", "cd_2025.parquet", "sldu_2021.parquet", "sldl_2021.parquet")
    }
    assert found == {
        "cd_2021.parquet": ["cd:4"],
        "cd_2025.parquet": ["cd:5"],
        "sldu_2021.parquet": ["sldu:11"],
        "sldl_2021.parquet": ["sldl:27"],
    }


def test_copies_in_other_formats_hold_the_same_districts(generated: GeneratedState) -> None:
    copies = [row for row in listed(generated) if row["copy_of"]]
    assert {row["format"] for row in copies} == {"geojson", "shapefile"}
    for row in copies:
        meta, _, shapes, columns = pyogrio.raw.read(generated.path / "boundaries" / str(row["file"]))
        ids = columns[list(meta["fields"]).index("ocdid")]
        original = generated.layer(str(row["copy_of"]))
        for key, shape in zip(ids, shapely.from_wkb(shapes), strict=True):
            assert shape.equals(original[key])


def test_geoparquet_says_what_it_holds(generated: GeneratedState) -> None:
    geo = json.loads(pq.read_schema(generated.path / "boundaries/county_2023.parquet").metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert column["encoding"] == "WKB"
    assert set(column["geometry_types"]) <= {"Polygon", "MultiPolygon"}
    west, south, east, north = column["bbox"]
    assert BOUNDS[0] <= west < east <= BOUNDS[2]
    assert BOUNDS[1] <= south < north <= BOUNDS[3]


@pytest.mark.parametrize("seed", range(3))
def test_plans_are_even_and_whole_for_any_seed(seed: int) -> None:
    geo = make_geography(1000, seed)
    block = geo.mesh.locate(geo.streets.line[:, 2])
    people = np.bincount(block, weights=geo.streets.weight, minlength=len(geo.county))
    share = np.bincount(geo.today["cd"], weights=people)[1:] * DISTRICTS["cd"]
    assert 0.7 < share.min() < share.max() < 1.3
    for layer, label in (*geo.today.items(), *geo.other.items()):
        assert np.unique(label).tolist() == list(range(1, DISTRICTS[layer] + 1))
    pieces = [
        len(shapely.get_parts(shapely.coverage_union_all(geo.mesh.cells[geo.today["cd"] == n]))) for n in range(1, 8)
    ]
    assert sorted(pieces)[:-1] == [1] * 6  # only the district with the island is in two parts
