"""Boundary files of every format are read alike; other files are refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from apps.core.errors import BadInput
from apps.districts.sources.boundaries import read_boundaries
from tests.districts.files import geojson, geopackage, parquet, shapefile

OCD = "ocd-division/country:us"
SQUARES = np.array([shapely.box(-100, 38, -99, 39), shapely.box(-99, 38, -98, 39)])
IDS = [f"{OCD}/state:zz/cd:1", f"{OCD}/state:zz/cd:2"]
NAMES = ["District 1", "District 2"]


@pytest.mark.parametrize(
    ("write", "name"),
    [(parquet, "a.parquet"), (geojson, "a.geojson"), (geopackage, "a.gpkg"), (shapefile, "a.zip")],
)
def test_every_format_has_the_same_districts(write: Any, name: str, tmp_path: Path) -> None:
    found = read_boundaries(write(tmp_path / name, SQUARES, ocdid=IDS, name=NAMES), "cd")
    assert (found.ids, found.names) == (IDS, NAMES)
    assert shapely.equals(found.geometries, SQUARES).all()
    assert found.report.as_json()["loaded"] == 2


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
def test_an_unsupported_file_is_refused_by_name(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.file"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=rf"bad\.file.*{words}"):
        read_boundaries(path, "cd")


def test_an_invalid_feature_is_named_and_nothing_is_loaded(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", SQUARES, ocdid=IDS)
    whole = json.loads(path.read_text())
    whole["features"][1]["geometry"]["coordinates"] = [[["east", 38], [-98, 39], [-98, 38]]]
    path.write_text(json.dumps(whole))
    with pytest.raises(BadInput, match=r"a\.geojson, feature 2: its geometry is broken"):
        read_boundaries(path, "cd")


def test_one_feature_per_line_is_read_too(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", SQUARES, ocdid=IDS)
    path.write_text("\n".join(json.dumps(feature) for feature in json.loads(path.read_text())["features"]))
    assert read_boundaries(path, "cd").ids == IDS


def _feature(shape: shapely.Geometry, number: int) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"ocdid": IDS[number]},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def test_single_features_and_nested_collections_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    features = [_feature(square, number) for number, square in enumerate(SQUARES)]
    nested = {
        "type": "FeatureCollection",
        "features": [{"type": "FeatureCollection", "features": features[:1]}, features[1]],
    }
    for content, ids in ((features[0], IDS[:1]), (nested, IDS)):
        path.write_text(json.dumps(content))
        assert read_boundaries(path, "cd").ids == ids


def test_the_areas_of_nested_geometry_collections_are_read(tmp_path: Path) -> None:
    inner = shapely.GeometryCollection([shapely.MultiPolygon([SQUARES[0]])])
    collection = shapely.GeometryCollection([shapely.GeometryCollection([inner]), shapely.Point(-100, 38)])
    with_line = shapely.GeometryCollection([shapely.LineString([(-99, 38), (-98, 39)]), SQUARES[1]])
    found = read_boundaries(geojson(tmp_path / "a.geojson", np.array([collection, with_line]), ocdid=IDS), "cd")
    assert shapely.equals(found.geometries, SQUARES).all()


def test_esri_json_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"geometryType": "esriGeometryPolygon", "features": []}')
    with pytest.raises(BadInput, match=r"a\.geojson is Esri's JSON, not GeoJSON"):
        read_boundaries(path, "cd")
