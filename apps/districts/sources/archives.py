"""Find the one boundary file inside a zip, past the folders and hidden files that computers add."""

import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from apps.core.errors import BadInput

FORMATS: Final = {".shp": "shapefile", ".gpkg": "GeoPackage", ".geojson": "GeoJSON", ".json": "GeoJSON",
                  ".parquet": "GeoParquet", ".geoparquet": "GeoParquet"}  # fmt: skip
MAX_BYTES: Final = 4 << 30  # of one file, unpacked


def boundary_member(path: Path) -> str | None:
    """Return the name of the boundary file inside a zip; None if the zip has another format, such as a geodatabase.

    Raises BadInput if the zip is damaged, has a password, or has several boundary files.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not _is_hidden(m.filename)]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(f"{path.name} cannot be read: the zip file is damaged or truncated. Fetch it again.") from error
    shapes = [m for m in members if _suffix(m.filename) in FORMATS]
    shapefiles = [m for m in shapes if _suffix(m.filename) == ".shp"]
    shapes = shapefiles or shapes  # metadata in JSON comes with shapefiles
    if len(shapes) > 1:
        names = ", ".join(m.filename for m in shapes[:10])
        raise BadInput(f"{path.name} has {len(shapes)} layers of shapes ({names}); it must have one.")
    if not shapes:
        return None
    if shapes[0].flag_bits & 1:
        raise BadInput(f"{path.name} has a password. Unpack it first.")
    if shapes[0].file_size > MAX_BYTES:
        raise BadInput(f"{path.name} expands to more than {MAX_BYTES >> 30} GB. Is this a boundary file?")
    return shapes[0].filename


def _is_hidden(name: str) -> bool:
    """Return whether a member is one that macOS or an editor adds: __MACOSX/, ._districts.shp, .DS_Store."""
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name.replace("\\", "/")).parts)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def code_page(path: Path, member: str) -> str:
    """Return what the .cpg file beside a shapefile in a zip says about its text; empty if there is none."""
    wanted = str(PurePosixPath(member).with_suffix(".cpg")).lower()
    with zipfile.ZipFile(path) as archive:
        name = next((m for m in archive.namelist() if m.lower() == wanted), None)
        return archive.read(name)[:40].decode("ascii", "ignore").strip() if name else ""
