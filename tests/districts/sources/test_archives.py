"""Zips as computers make them: with folders, hidden files, other formats inside, or no boundary file at all."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely

from apps.core.errors import BadInput
from apps.districts.sources.boundaries import read_boundaries
from tests.districts.files import geojson, geopackage, parquet, shapefile

SHAPES = np.array([shapely.box(-100, 38, -99, 39), shapely.box(-99, 38, -98, 39)])
IDS = ["ocd-division/country:us/state:zz/cd:1", "ocd-division/country:us/state:zz/cd:2"]


def repacked(source: Path, target: Path, folder: str = "", extra: dict[str, bytes] | None = None) -> Path:
    """Return a zip with the members of another one in a folder, and more members."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(folder + name, old.read(name))
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return target


def test_a_zip_of_a_mac_is_read(tmp_path: Path) -> None:
    plain = shapefile(tmp_path / "a.zip", SHAPES, ocdid=IDS)
    hidden = {f"__MACOSX/Districts/._shape.{suffix}": b"\0\5\x16\7" * 30 for suffix in ("shp", "dbf", "shx", "prj")}
    hidden |= {"Districts/.DS_Store": b"x", "Districts/._shape.shp": b"\0\5\x16\7", "Districts/readme.txt": b"x"}
    made = repacked(plain, tmp_path / "mac.zip", "Districts/", hidden)
    assert read_boundaries(made, "cd").ids == IDS


def test_names_with_blanks_braces_and_letters_are_read(tmp_path: Path) -> None:
    plain = shapefile(tmp_path / "a.zip", SHAPES, ocdid=IDS)
    assert read_boundaries(repacked(plain, tmp_path / "cd (1) é.zip", "Año 2024/a b/"), "cd").ids == IDS


@pytest.mark.parametrize("write", [geojson, geopackage, parquet])
def test_other_formats_in_a_zip_are_read(tmp_path: Path, write: object) -> None:
    suffix = {geojson: "geojson", geopackage: "gpkg", parquet: "parquet"}[write]  # type: ignore[index]
    path = write(tmp_path / f"a.{suffix}", SHAPES, ocdid=IDS)  # type: ignore[operator]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, f"in/{path.name}")
        archive.writestr("__MACOSX/in/._a", b"x")
    assert read_boundaries(tmp_path / "a.zip", "cd").ids == IDS


def test_metadata_in_json_beside_a_shapefile_is_no_second_layer(tmp_path: Path) -> None:
    plain = shapefile(tmp_path / "a.zip", SHAPES, ocdid=IDS)
    assert read_boundaries(repacked(plain, tmp_path / "b.zip", "", {"metadata.json": b"{}"}), "cd").ids == IDS


def test_several_layers_are_refused_by_name(tmp_path: Path) -> None:
    plain = shapefile(tmp_path / "a.zip", SHAPES, ocdid=IDS)
    with zipfile.ZipFile(plain) as archive:
        extra = {name.replace("shape", "other"): archive.read(name) for name in archive.namelist()}
    with pytest.raises(BadInput, match=r"b\.zip has 2 layers of shapes \(shape\.shp, other\.shp\); it must have one"):
        read_boundaries(repacked(plain, tmp_path / "b.zip", "", extra), "cd")


def test_a_zip_without_boundaries_and_a_truncated_one_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(BadInput, match=r"a\.zip"):
        read_boundaries(tmp_path / "a.zip", "cd")
    whole = shapefile(tmp_path / "b.zip", SHAPES, ocdid=IDS).read_bytes()
    (tmp_path / "c.zip").write_bytes(whole[:-40])
    with pytest.raises(BadInput, match=r"c\.zip cannot be read: the zip file is damaged or truncated"):
        read_boundaries(tmp_path / "c.zip", "cd")
