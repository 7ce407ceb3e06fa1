"""Boundary files become districts with a report of problems."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from apps.core.errors import BadInput, Refused
from apps.districts.sources.boundaries import read_boundaries
from tests.districts.files import geopackage, parquet

OCD = "ocd-division/country:us"
SQUARES = np.array([shapely.box(-100, 38, -99, 39), shapely.box(-99, 38, -98, 39)])
IDS = [f"{OCD}/state:zz/cd:1", f"{OCD}/state:zz/cd:2"]


def test_a_missing_id_column_lists_the_columns(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", SQUARES, code=["1", "2"])
    with pytest.raises(BadInput, match=r"no column 'ocdid'.*--id-column.*It has: code"):
        read_boundaries(path, "cd")
    assert read_boundaries(path, "cd", "code").ids == ["1", "2"]
    assert read_boundaries(path, "cd", "code").report.foreign_ids == 2


def test_integer_ids_are_read_although_one_is_missing(tmp_path: Path) -> None:
    three = np.array([*SQUARES, shapely.box(-98, 38, -97, 39)])
    path = geopackage(tmp_path / "a.gpkg", three, code=[7, None, 12])
    assert read_boundaries(path, "cd", "code").ids == ["7", "12"]
    assert read_boundaries(parquet(tmp_path / "a.parquet", three, code=[7.0, None, 12.0]), "cd", "code").ids == [
        "7",
        "12",
    ]


def test_problems_are_counted_with_their_ids(tmp_path: Path) -> None:
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


def test_a_file_without_a_usable_district_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no id: 2"):
        read_boundaries(parquet(tmp_path / "a.parquet", SQUARES, ocdid=[None, " "]), "cd")
