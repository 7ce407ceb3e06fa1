"""Boundary files of every kind become districts, and what is wrong with them is said."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from apps.core.errors import BadInput, Refused
from apps.districts.sources.boundaries import Boundaries, read_boundaries
from apps.districts.sources.geometry import find_mismatches
from apps.districts.sources.layers import check_layer_name, layer_definition, state_prefix
from apps.districts.spatial_index.build import build_cells
from apps.districts.spatial_index.lookup import Cells
from tests.districts.files import geojson, geopackage, parquet, shapefile
from tests.districts.shapes import crooked

OCD = "ocd-division/country:us"
SQUARES = np.array([shapely.box(-100, 38, -99, 39), shapely.box(-99, 38, -98, 39)])
IDS = [f"{OCD}/state:zz/cd:1", f"{OCD}/state:zz/cd:2"]
NAMES = ["District 1", "District 2"]


@pytest.mark.parametrize(
    ("write", "name"),
    [(parquet, "a.parquet"), (geojson, "a.geojson"), (geopackage, "a.gpkg"), (shapefile, "a.zip")],
)
def test_every_kind_of_file_gives_the_same_districts(write: Any, name: str, tmp_path: Path) -> None:
    found = read_boundaries(write(tmp_path / name, SQUARES, ocdid=IDS, name=NAMES), "cd")
    assert (found.ids, found.names) == (IDS, NAMES)
    assert shapely.equals(found.geometries, SQUARES).all()
    assert found.report.as_json()["loaded"] == 2


def test_web_mercator_is_reprojected_and_said_so(tmp_path: Path) -> None:
    to_mercator = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform
    metres = shapely.transform(SQUARES, lambda points: np.stack(to_mercator(*points.T), axis=1))
    for path in (
        parquet(tmp_path / "a.parquet", metres, "EPSG:3857", ocdid=IDS),
        shapefile(tmp_path / "a.zip", metres, "EPSG:3857", ocdid=IDS),
    ):
        found = read_boundaries(path, "cd")
        assert shapely.hausdorff_distance(found.geometries, SQUARES).max() < 1e-9
        assert any("reprojected from WGS 84 / Pseudo-Mercator" in note for note in found.report.notes)
    with pytest.raises(BadInput, match=r"b\.zip does not state its coordinate system.*\.prj.*Reproject"):
        read_boundaries(shapefile(tmp_path / "b.zip", metres, None, ocdid=IDS), "cd")


def test_a_shapefile_without_prj_in_degrees_is_taken_as_degrees(tmp_path: Path) -> None:
    found = read_boundaries(shapefile(tmp_path / "a.zip", SQUARES, None, ocdid=IDS), "cd")
    assert found.report.notes == ["no coordinate system stated; assumed degrees"]


def test_swapped_latitude_and_longitude_are_refused(tmp_path: Path) -> None:
    swapped = shapely.transform(SQUARES, lambda points: points[:, ::-1])
    with pytest.raises(BadInput, match="Longitude has to come first"):
        read_boundaries(geojson(tmp_path / "a.geojson", swapped, ocdid=IDS), "cd")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02", "is not a supported boundary file"),
        (b"PAR1 and nothing more", "damaged Parquet"),
        (b"PK\x03\x04 and nothing more", "cannot be read"),
        (b'{"type": "FeatureCollection", "features": [', "not valid JSON"),
        (b'{"type": "Topology"}', "not a GeoJSON FeatureCollection"),
        ('{"a": "\xe9"}'.encode("latin-1"), "not UTF-8"),
    ],
)
def test_what_is_no_boundary_file_is_refused_by_name(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.file"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=rf"bad\.file.*{words}"):
        read_boundaries(path, "cd")


def test_one_broken_feature_is_named_and_nothing_is_loaded(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", SQUARES, ocdid=IDS)
    whole = json.loads(path.read_text())
    whole["features"][1]["geometry"]["coordinates"] = [[["east", 38], [-98, 39], [-98, 38]]]
    path.write_text(json.dumps(whole))
    with pytest.raises(BadInput, match=r"a\.geojson, feature 2: its geometry is broken"):
        read_boundaries(path, "cd")


def test_features_one_a_line_are_read_too(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", SQUARES, ocdid=IDS)
    path.write_text("\n".join(json.dumps(feature) for feature in json.loads(path.read_text())["features"]))
    assert read_boundaries(path, "cd").ids == IDS


def test_a_missing_id_column_names_the_columns_there_are(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", SQUARES, code=["1", "2"])
    with pytest.raises(BadInput, match=r"no column 'ocdid'.*--id-column.*It has: code"):
        read_boundaries(path, "cd")
    assert read_boundaries(path, "cd", "code").ids == ["1", "2"]
    assert read_boundaries(path, "cd", "code").report.foreign_ids == 2


def test_whole_numbers_make_ids_even_beside_a_missing_one(tmp_path: Path) -> None:
    three = np.array([*SQUARES, shapely.box(-98, 38, -97, 39)])
    path = geopackage(tmp_path / "a.gpkg", three, code=[7, None, 12])
    assert read_boundaries(path, "cd", "code").ids == ["7", "12"]
    assert read_boundaries(parquet(tmp_path / "a.parquet", three, code=[7.0, None, 12.0]), "cd", "code").ids == [
        "7",
        "12",
    ]


def test_troubles_are_counted_with_their_ids(tmp_path: Path) -> None:
    bowtie = shapely.Polygon([(-90, 30), (-89, 31), (-89, 30), (-90, 31)])
    line = shapely.LineString([(-90, 30), (-89, 31)])
    with np.errstate(invalid="ignore"):
        lost = shapely.transform(
            shapely.box(-90, 30, -89, 31), lambda points: np.where(np.arange(5)[:, None] == 1, np.nan, points)
        )
    shapes = np.array([*SQUARES, bowtie, line, lost, None, SQUARES[0], shapely.box(-80, 30, -79, 31)], dtype=object)
    ids = [*IDS, "bowtie", "line", "lost", "empty", None, IDS[0]]
    with np.errstate(invalid="ignore"):
        path = parquet(tmp_path / "a.parquet", shapes, ocdid=ids)
    found = read_boundaries(path, "cd")
    report = found.report.as_json()
    assert found.ids == [*IDS, "bowtie"]
    assert report["skipped"] == {"no id": 1}
    assert report["refused_examples"] == [
        "line (row 4): a LineString, not an area",
        "lost (row 5): a coordinate is not a number",
        "empty (row 6): no geometry",
    ]
    assert report["repaired_examples"] == ["bowtie (row 3): Self-intersection"]
    assert found.geometries[2].area == pytest.approx(0.5)
    assert report["doubled_examples"] == [IDS[0]]
    assert found.geometries[0].area == pytest.approx(2.0)


def test_a_file_without_one_usable_district_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no id: 2"):
        read_boundaries(parquet(tmp_path / "a.parquet", SQUARES, ocdid=[None, " "]), "cd")


def test_shapes_across_the_antimeridian_are_split_and_still_found(tmp_path: Path) -> None:
    beyond = shapely.box(179, 50, 181, 52)
    jumping = shapely.Polygon([(179.5, 60), (-179.5, 60), (-179.5, 61), (179.5, 61)])
    world = shapely.box(-180, -90, 180, -60)
    path = parquet(tmp_path / "a.parquet", np.array([beyond, jumping, world]), ocdid=["a", "b", "c"])
    found = read_boundaries(path, "cd")
    assert "2 divisions split at the antimeridian" in found.report.notes
    cells = Cells(3, build_cells(found.geometries))
    points = [(179.5, 51), (-179.5, 51), (178.5, 51), (-178.5, 51), (180, 60.5), (-180, 60.5), (0, 60.5), (0, -80)]
    assert [cells.at(*point) for point in points] == [(0,), (0,), (), (), (1,), (1,), (), (2,)]


def test_overlaps_and_gaps_are_told_apart() -> None:
    def troubles(shapes: list[Any]) -> tuple[set[int], set[int]]:
        return find_mismatches(np.array(shapes), Cells(len(shapes), build_cells(np.array(shapes))))

    assert troubles([shapely.box(0, 0, 1, 1), shapely.box(0.9, 0, 2, 1), shapely.box(5, 5, 6, 6)])[0] == {0, 1}
    uneven = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1.00005, 0.5)])
    overlap, gap = troubles([shapely.box(0, 0, 1, 1), uneven])
    assert (overlap, gap >= {1}) == (set(), True)
    coverage = crooked(4, 4, west=-100, south=38, size=0.2)
    assert find_mismatches(coverage, Cells(16, build_cells(coverage))) == (set(), set())


def derive(tmp_path: Path, layer: str, **columns: list[Any]) -> Boundaries:
    count = len(next(iter(columns.values())))
    shapes = np.array([shapely.box(-100 + n, 38, -99 + n, 39) for n in range(count)])
    return read_boundaries(parquet(tmp_path / f"{layer}.parquet", shapes, **columns), layer)


def test_congressional_ids_with_at_large_delegates_and_water(tmp_path: Path) -> None:
    found = derive(
        tmp_path,
        "cd",
        STATEFP=["37", "02", "11", "72", "17"],
        CD118FP=["07", "00", "98", "98", "ZZ"],
        NAMELSAD=["Congressional District 7", *"abcd"],
    )
    assert found.ids == [
        f"{OCD}/state:nc/cd:7",
        f"{OCD}/state:ak/cd:at-large",
        f"{OCD}/district:dc/cd:at-large",
        f"{OCD}/territory:pr/cd:at-large",
    ]
    assert found.names[0] == "Congressional District 7"
    assert found.report.skipped == {"no district there (water)": 1}


@pytest.mark.parametrize(
    ("layer", "state", "code", "name", "wanted"),
    [
        ("sldl", "27", "01A", "State House District 1A", "state:mn/sldl:1a"),
        ("sldl", "25", "D21", "Twenty-First Middlesex District", "state:ma/sldl:21st_middlesex"),
        (
            "sldl",
            "25",
            "D01",
            "Barnstable, Dukes & Nantucket District",
            "state:ma/sldl:barnstable_dukes_and_nantucket",
        ),
        ("sldl", "50", "A-1", "Addison-1 State House District", "state:vt/sldl:addison-1"),
        ("sldl", "33", "101", "State House District Belknap County No. 1", "state:nh/sldl:belknap_1"),
        ("sldl", "11", "003", "Ward 3", "district:dc/ward:3"),
        ("sldu", "31", "012", "State Legislative District 12", "state:ne/sldu:12"),
        ("sldu", "02", "00C", "State Senate District C", "state:ak/sldu:c"),
        ("sldu", "25", "D12", "Third Bristol and Plymouth District", "state:ma/sldu:3rd_bristol_and_plymouth"),
        ("sldu", "50", "ESO", "Essex-Orleans State Senate District", "state:vt/sldu:essex-orleans"),
    ],
)
def test_legislative_ids(layer: str, state: str, code: str, name: str, wanted: str, tmp_path: Path) -> None:
    column = {"sldl": "SLDLST", "sldu": "SLDUST"}[layer]
    assert derive(tmp_path, layer, STATEFP=[state], **{column: [code]}, NAMELSAD=[name]).ids == [f"{OCD}/{wanted}"]


def test_county_ids_of_every_kind(tmp_path: Path) -> None:
    rows = [
        ("51", "Fairfax", "Fairfax city", "state:va/place:fairfax"),
        ("51", "Fairfax", "Fairfax County", "state:va/county:fairfax"),
        ("51", "James City", "James City County", "state:va/county:james_city"),
        (
            "09",
            "Naugatuck Valley",
            "Naugatuck Valley Planning Region",
            "state:ct/planning_region:naugatuck_valley",
        ),
        ("22", "St. Charles", "St. Charles Parish", "state:la/parish:st_charles"),
        ("02", "Juneau", "Juneau City and Borough", "state:ak/borough:juneau"),
        ("02", "Nome", "Nome Census Area", "state:ak/census_area:nome"),
        ("24", "Queen Anne's", "Queen Anne's County", "state:md/county:queen_anne~s"),
        ("35", "Doña Ana", "Doña Ana County", "state:nm/county:doña_ana"),
        ("72", "Loíza", "Loíza Municipio", "territory:pr/municipio:loíza"),
        ("11", "District of Columbia", "District of Columbia", "district:dc"),
        ("32", "Carson City", "Carson City", "state:nv/place:carson_city"),
    ]
    state, name, full, wanted = (list(column) for column in zip(*rows, strict=True))
    assert derive(tmp_path, "county", STATEFP=state, NAME=name, NAMELSAD=full).ids == [f"{OCD}/{id_}" for id_ in wanted]


def test_other_layers(tmp_path: Path) -> None:
    places = derive(tmp_path, "place", STATEFP=["19"] * 3, NAME=["Ames", "Elgin", "Elgin"], GEOID=["1", "2", "3"])
    assert places.ids == [f"{OCD}/state:ia/place:{name}" for name in ("ames", "elgin_2", "elgin_3")]
    schools = derive(
        tmp_path, "school_district", STATEFP=["06", "06"], UNSDLEA=["21600", "99997"], GEOID=["0621600", "0"]
    )
    assert schools.ids == [f"{OCD}/state:ca/school_district:0621600"]
    tribal = derive(tmp_path, "tribal", AIANNHCE=["1505"], GEOID=["1505"], NAMELSAD=["Hopi Reservation"])
    assert tribal.ids == [f"{OCD}/tribal_area:1505"]
    assert derive(tmp_path, "state", STATEFP=["78"], GEOID=["78"], NAME=["Islands"]).ids == [f"{OCD}/territory:vi"]


def test_a_made_up_state_is_taken_by_its_postal_code(tmp_path: Path) -> None:
    found = derive(tmp_path, "cd", STATEFP=["99", "99"], CD118FP=["01", "02"], STUSPS=["QX", "QX"])
    assert found.ids == [f"{OCD}/state:qx/cd:1", f"{OCD}/state:qx/cd:2"]
    assert state_prefix("", "dc") == f"{OCD}/district:dc"
    with pytest.raises(Refused, match="unknown state code: 2"):
        derive(tmp_path, "cd", STATEFP=["99", "99"], CD118FP=["01", "02"])


@pytest.mark.parametrize("layer", ["CD", "c-d", "", "x" * 41, "../x", "cd1"])
def test_a_layer_name_that_is_none_is_refused(layer: str) -> None:
    with pytest.raises(BadInput, match="letters a to z and _"):
        check_layer_name(layer)


def test_a_layer_without_definition_has_a_title() -> None:
    assert layer_definition(check_layer_name("water_board")).title == "Water board"
