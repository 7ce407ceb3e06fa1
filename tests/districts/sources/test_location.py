"""Coordinates that cannot be right are found by where the state is, or where its loaded layers are."""

from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from apps.core.errors import BadInput
from apps.districts import services
from apps.districts.sources.boundaries import read_boundaries
from tests.districts.files import geojson, parquet, shapefile
from tests.districts.samples import STATE, load

OCD = "ocd-division/country:us"
CAROLINA = np.array([shapely.box(-80, 35, -79, 36), shapely.box(-79, 35, -78, 36)])
IDS = [f"{OCD}/state:nc/cd:1", f"{OCD}/state:nc/cd:2"]
MADE_UP = [f"{OCD}/state:xa/cd:1", f"{OCD}/state:xa/cd:2"]


def moved(shapes: np.ndarray, change: Any) -> np.ndarray:
    """Return shapes with changed points."""
    return np.asarray(shapely.transform(shapes, change))


def swap(points: np.ndarray) -> np.ndarray:
    """Return points with latitude first."""
    return points[:, ::-1]


@pytest.mark.parametrize("ids", [IDS, MADE_UP])
@pytest.mark.parametrize("write", [geojson, parquet])
def test_swapped_coordinates_are_refused(tmp_path: Path, ids: list[str], write: Any) -> None:
    with pytest.raises(
        BadInput, match=r"a\.x: .*/cd:1 lies at longitude 35 to 36.*swapped: longitude has to come first"
    ):
        read_boundaries(write(tmp_path / "a.x", moved(CAROLINA, swap), ocdid=ids), "cd")


def test_a_single_swapped_district_is_named(tmp_path: Path) -> None:
    shapes = np.array([CAROLINA[0], moved(CAROLINA[1:], swap)[0]])
    with pytest.raises(BadInput, match=r"state:nc/cd:2 lies at .*swapped"):
        read_boundaries(geojson(tmp_path / "a.geojson", shapes, ocdid=IDS), "cd")


def test_longitudes_without_a_minus_sign_are_refused(tmp_path: Path) -> None:
    for change in (np.abs, lambda points: np.abs(points[:, ::-1])):
        with pytest.raises(BadInput, match=r"no minus sign"):
            read_boundaries(geojson(tmp_path / "a.geojson", moved(CAROLINA, change), ocdid=IDS), "cd")


def test_swapped_coordinates_of_a_made_up_state_are_found_by_its_other_layers(tmp_path: Path, db: None) -> None:
    far = np.array([shapely.box(-20, 40, -19, 41), shapely.box(-19, 40, -18, 41)])
    load(tmp_path, "county", "2024", far)
    path = geojson(tmp_path / "cd.geojson", moved(far, swap), ocdid=[f"{STATE}/cd:1", f"{STATE}/cd:2"])
    with pytest.raises(BadInput, match="swapped"):
        services.load_boundaries(path=path, layer="cd", vintage="2024")


@pytest.mark.parametrize("system", ["EPSG:3857", "EPSG:32617", "EPSG:2264"])  # Web Mercator, UTM, state plane in feet
def test_meters_without_a_coordinate_system_are_refused_with_the_cure(tmp_path: Path, system: str, db: None) -> None:
    project = pyproj.Transformer.from_crs("EPSG:4326", system, always_xy=True).transform
    meters = moved(CAROLINA, lambda points: np.stack(project(*points.T), axis=1))
    for path in (
        geojson(tmp_path / "a.geojson", meters, ocdid=IDS),
        shapefile(tmp_path / f"{system[5:]}.zip", meters, None, ocdid=IDS),
        parquet(tmp_path / "a.parquet", meters, "EPSG:4326", ocdid=IDS),
    ):
        with pytest.raises(BadInput, match=r"coordinates are meters, not degrees: name the CRS.*--crs"):
            read_boundaries(path, "cd")
        named = services.load_boundaries(path=path, layer="cd", vintage="x", crs=system)
        assert named.divisions == 2


def test_degrees_in_a_file_that_states_meters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"in meters, but its coordinates are degrees"):
        read_boundaries(parquet(tmp_path / "a.parquet", CAROLINA, "EPSG:3857", ocdid=IDS), "cd")


def test_another_zone_than_the_stated_one_is_refused(tmp_path: Path) -> None:
    project = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32617", always_xy=True).transform
    meters = moved(CAROLINA, lambda points: np.stack(project(*points.T), axis=1))
    with pytest.raises(BadInput, match=r"outside of its state, so the file's coordinate system is not the one"):
        read_boundaries(parquet(tmp_path / "a.parquet", meters, "EPSG:32611", ocdid=IDS), "cd")


def test_an_unknown_coordinate_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="unknown coordinate system; name it with --crs"):
        read_boundaries(geojson(tmp_path / "a.geojson", CAROLINA, ocdid=IDS), "cd", crs="EPSG:1")


def test_alaska_on_both_sides_of_the_antimeridian_and_the_territories_are_in_place(tmp_path: Path) -> None:
    shapes = np.array(
        [shapely.box(173, 52, 174, 53), shapely.box(144.7, 13.3, 144.9, 13.6), shapely.box(-160, 21, -157, 22)]
    )
    ids = [f"{OCD}/state:ak/sldl:a", f"{OCD}/territory:gu/sldl:1", f"{OCD}/state:hi/sldl:1"]
    assert read_boundaries(geojson(tmp_path / "a.geojson", shapes, ocdid=ids), "sldl").report.notes == []
