"""Layer definitions derive OCD ids from the columns of public files."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from apps.core.errors import BadInput, Refused
from apps.districts.sources.boundaries import Boundaries, read_boundaries
from apps.districts.sources.layers import check_layer_name, layer_definition, state_prefix
from tests.districts.files import parquet

OCD = "ocd-division/country:us"


def derive(tmp_path: Path, layer: str, **columns: Any) -> Boundaries:
    count = len(next(iter(columns.values())))
    shapes = np.array([shapely.box(-100 + n, 38, -99 + n, 39) for n in range(count)])
    return read_boundaries(parquet(tmp_path / f"{layer}.parquet", shapes, **columns), layer)


def test_congressional_ids_include_at_large_districts_and_delegates(tmp_path: Path) -> None:
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
def test_legislative_ids_are_derived(layer: str, state: str, code: str, name: str, wanted: str, tmp_path: Path) -> None:
    column = {"sldl": "SLDLST", "sldu": "SLDUST"}[layer]
    assert derive(tmp_path, layer, STATEFP=[state], **{column: [code]}, NAMELSAD=[name]).ids == [f"{OCD}/{wanted}"]


def test_county_ids_of_every_type(tmp_path: Path) -> None:
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


def test_ids_of_other_layers(tmp_path: Path) -> None:
    places = derive(tmp_path, "place", STATEFP=["19"] * 3, NAME=["Ames", "Elgin", "Elgin"], GEOID=["1", "2", "3"])
    assert places.ids == [f"{OCD}/state:ia/place:{name}" for name in ("ames", "elgin_2", "elgin_3")]
    schools = derive(
        tmp_path, "school_district", STATEFP=["06", "06"], UNSDLEA=["21600", "99997"], GEOID=["0621600", "0"]
    )
    assert schools.ids == [f"{OCD}/state:ca/school_district:0621600"]
    tribal = derive(tmp_path, "tribal", AIANNHCE=["1505"], GEOID=["1505"], NAMELSAD=["Hopi Reservation"])
    assert tribal.ids == [f"{OCD}/tribal_area:1505"]
    assert derive(tmp_path, "state", STATEFP=["78"], GEOID=["78"], NAME=["Islands"]).ids == [f"{OCD}/territory:vi"]


def test_a_made_up_state_is_accepted_by_its_postal_code(tmp_path: Path) -> None:
    found = derive(tmp_path, "cd", STATEFP=["99", "99"], CD118FP=["01", "02"], STUSPS=["QX", "QX"])
    assert found.ids == [f"{OCD}/state:qx/cd:1", f"{OCD}/state:qx/cd:2"]
    assert state_prefix("", "dc") == f"{OCD}/district:dc"
    with pytest.raises(Refused, match="unknown state code: 2"):
        derive(tmp_path, "cd", STATEFP=["99", "99"], CD118FP=["01", "02"])


@pytest.mark.parametrize("layer", ["CD", "c-d", "", "x" * 41, "../x", "cd1"])
def test_an_invalid_layer_name_is_refused(layer: str) -> None:
    with pytest.raises(BadInput, match="letters a to z and _"):
        check_layer_name(layer)


def test_a_layer_without_definition_has_a_title() -> None:
    assert layer_definition(check_layer_name("water_board")).title == "Water board"
