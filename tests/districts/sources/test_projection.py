"""Coordinates of any system become degrees."""

from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely

from apps.core.errors import BadInput
from apps.districts.sources.boundaries import read_boundaries
from apps.districts.spatial_index.build import build_cells
from apps.districts.spatial_index.lookup import Cells
from tests.districts.files import geojson, parquet, shapefile

OCD = "ocd-division/country:us"
SQUARES = np.array([shapely.box(-100, 38, -99, 39), shapely.box(-99, 38, -98, 39)])
IDS = [f"{OCD}/state:zz/cd:1", f"{OCD}/state:zz/cd:2"]


def test_web_mercator_is_reprojected_and_noted(tmp_path: Path) -> None:
    to_mercator = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform
    metres = shapely.transform(SQUARES, lambda points: np.stack(to_mercator(*points.T), axis=1))
    for path in (
        parquet(tmp_path / "a.parquet", metres, "EPSG:3857", ocdid=IDS),
        shapefile(tmp_path / "a.zip", metres, "EPSG:3857", ocdid=IDS),
    ):
        found = read_boundaries(path, "cd")
        assert shapely.hausdorff_distance(found.geometries, SQUARES).max() < 1e-9
        assert any("reprojected from WGS 84 / Pseudo-Mercator" in note for note in found.report.notes)
    with pytest.raises(
        BadInput, match=r"b\.zip does not state its coordinate system.*\.prj.*meters, not degrees: name the CRS"
    ):
        read_boundaries(shapefile(tmp_path / "b.zip", metres, None, ocdid=IDS), "cd")


def test_a_shapefile_in_degrees_without_prj_is_accepted(tmp_path: Path) -> None:
    found = read_boundaries(shapefile(tmp_path / "a.zip", SQUARES, None, ocdid=IDS), "cd")
    assert found.report.notes == ["no coordinate system stated; assumed degrees"]


def test_swapped_latitude_and_longitude_are_refused(tmp_path: Path) -> None:
    swapped = shapely.transform(SQUARES, lambda points: points[:, ::-1])
    with pytest.raises(BadInput, match="Longitude has to come first"):
        read_boundaries(geojson(tmp_path / "a.geojson", swapped, ocdid=IDS), "cd")


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
