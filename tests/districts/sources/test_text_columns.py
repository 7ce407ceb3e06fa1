"""Text of shapefiles is read in its real encoding, whatever the file beside it says."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely

from apps.districts.sources.boundaries import read_boundaries
from tests.districts.files import shapefile

SHAPES = np.array([shapely.box(-100, 38, -99, 39), shapely.box(-99, 38, -98, 39), shapely.box(-98, 38, -97, 39)])
IDS = [f"ocd-division/country:us/state:zz/county:{name}" for name in "abc"]
NAMES = ["Doña Ana", "Cañon", "Ötz"]


def with_text(tmp_path: Path, encoding: str, code_page: bytes | None) -> Path:
    """Write a zipped shapefile whose names are in an encoding, and whose .cpg says another."""
    plain = shapefile(tmp_path / "plain.zip", SHAPES, ocdid=IDS, NAME=["Do##a Ana", "Ca##on", "##tz"])
    target = tmp_path / "a.zip"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith(".dbf"):
                for letter in ("ñ", "ñ", "Ö"):
                    encoded = letter.encode(encoding)
                    at = data.index(b"##")
                    field = data[at:].split(b" " * 3)[0] if len(encoded) == 1 else b""
                    end = at + len(field)
                    data = (
                        data[:at]
                        + encoded
                        + (data[at + 2 : end] + b" " if len(encoded) == 1 else b"")
                        + data[max(at + 2, end) :]
                    )
            if not name.endswith(".cpg"):
                new.writestr(name, data)
        if code_page is not None:
            new.writestr("shape.cpg", code_page)
    return target


@pytest.mark.parametrize(
    ("encoding", "code_page", "noted"),
    [
        ("cp1252", b"UTF-8", True), ("cp1252", b"1252", False), ("cp1252", None, False), ("cp1252", b"nonsense", False),
        ("cp1252", b"ISO-8859-1", False), ("cp1252", b"hex", False), ("cp1252", b"LDID/87", False),
        ("utf-8", b"1252", True), ("utf-8", b"UTF-8", False), ("utf-8", None, True), ("cp850", b"OEM 850", False),
    ],
)  # fmt: skip
def test_names_are_read_right(tmp_path: Path, encoding: str, code_page: bytes | None, noted: bool) -> None:
    found = read_boundaries(with_text(tmp_path, encoding, code_page), "county")
    assert found.names == NAMES
    assert any("text read as" in note for note in found.report.notes) == noted
