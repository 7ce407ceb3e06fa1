"""Read boundary and line files of four formats, detected by their first bytes, into one table type."""

import json
import re
import shutil
import tempfile
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from apps.core.errors import BadInput
from apps.core.types import FileValue
from apps.districts.sources.archives import boundary_member, code_page
from apps.districts.sources.text_columns import RAW_ENCODING, decode_columns

PARSER_ERRORS = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
    shapely.errors.ShapelyError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
SUPPORTED_FORMATS = "GeoParquet, GeoJSON, GeoPackage or a shapefile (zipped)"


@dataclass(frozen=True)
class GeoTable:
    """A table of a file: columns by name, geometries (None if missing), and the coordinate system.

    Columns and geometries have equal length. `crs` is any value that pyproj accepts, or None if it is unknown.
    """

    columns: dict[str, list[Any]]
    geometries: np.ndarray
    crs: FileValue
    kind: str
    notes: list[str] = field(default_factory=list)


def read_geo_table(path: Path) -> GeoTable:
    """Read a file of any supported format; raise BadInput that names the file and, if possible, the row."""
    try:
        return _read_by_content(path)
    except PARSER_ERRORS as error:  # of a damaged file: each library has errors of its own, and of none in particular
        raise BadInput(f"{path.name} is damaged, or not {SUPPORTED_FORMATS}: {_short(error)}") from error


def _short(error: BaseException) -> str:
    return str(error)[:200] or type(error).__name__


def _read_by_content(path: Path) -> GeoTable:
    try:
        with path.open("rb") as file:
            start = file.read(64)
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror}.") from error
    if not start:
        raise BadInput(f"{path.name} is empty.")
    if start.startswith(b"PAR1"):
        return _read_parquet(path)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _read_geojson(path)
    if start.startswith(b"PK\x03\x04"):
        return _read_zip(path)
    if start.startswith((b"SQLite format 3\x00", b"\x00\x00\x27\x0a")):
        return _read_with_gdal(path, str(path))
    raise BadInput(f"{path.name} is not a supported boundary file; use {SUPPORTED_FORMATS}.")


def _read_parquet(path: Path) -> GeoTable:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise BadInput(f"{path.name} is a damaged Parquet file: {error}") from error
    geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    name = geo.get("primary_column", "geometry")
    if name not in table.column_names:
        raise BadInput(f"{path.name} has no column {name!r} with the geometry in WKB.")
    facts = geo.get("columns", {}).get(name, {})
    if facts.get("encoding", "WKB") != "WKB":
        raise BadInput(f"{path.name} has its geometry as {facts['encoding']}; write it as WKB.")
    # The GeoParquet specification defines longitude and latitude as the default.
    crs = facts.get("crs", "OGC:CRS84")
    columns = {each: table.column(each).to_pylist() for each in table.column_names if each != name}
    return GeoTable(columns, _from_wkb(path, table.column(name).to_pylist()), crs, "GeoParquet")


def _from_wkb(path: Path, values: list[bytes | None]) -> np.ndarray:
    try:
        return np.asarray(shapely.from_wkb(values), dtype=object)
    except (shapely.GEOSException, TypeError):
        for number, value in enumerate(values):
            try:
                shapely.from_wkb(value)
            except (shapely.GEOSException, TypeError) as error:
                raise BadInput(f"{path.name}, row {number + 1}: its geometry is not WKB. ({error})") from error
        raise


def _read_geojson(path: Path) -> GeoTable:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name} is not UTF-8 text; save the GeoJSON as UTF-8.") from error
    features, crs = _features(path, text)
    names = dict.fromkeys(name for feature in features for name in feature["properties"])
    columns = {name: [feature["properties"].get(name) for feature in features] for name in names}
    geometries = np.empty(len(features), dtype=object)
    for number, feature in enumerate(features):
        geometries[number] = _geojson_geometry(path, number, feature.get("geometry"))
    return GeoTable(columns, geometries, crs, "GeoJSON")


def _features(path: Path, text: str) -> tuple[list[dict[str, Any]], Any]:
    """Return the features of a file or of its lines, one feature per line, and the coordinate system."""
    try:
        whole = json.loads(text)
    except ValueError as error:
        try:
            lines = [json.loads(line.lstrip("\x1e")) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise BadInput(f"{path.name} is not valid JSON: {error}") from error
        return [feature for line in lines for feature in _flat(path, line)], "OGC:CRS84"
    features = _flat(path, whole)
    # Some tools still write the `crs` member of old GeoJSON; the current standard allows degrees only.
    member = whole.get("crs")
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name", "OGC:CRS84") if isinstance(properties, dict) else "OGC:CRS84"
    return features, re.sub(r"^urn:ogc:def:crs:(\w+):[^:]*:(\w+)$", r"\1:\2", str(name))


def _flat(path: Path, value: FileValue) -> list[dict[str, Any]]:
    """Return the features of a FeatureCollection, also of nested ones, a single Feature, or a bare geometry."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "FeatureCollection" and isinstance(value.get("features"), list):
        return [feature for each in value["features"] for feature in _flat(path, each)]
    if kind == "Feature":
        properties = value.get("properties")
        return [value | {"properties": properties if isinstance(properties, dict) else {}}]
    if kind in ("Polygon", "MultiPolygon", "GeometryCollection"):
        return [{"type": "Feature", "properties": {}, "geometry": value}]
    if kind == "Topology":
        raise BadInput(f"{path.name} is TopoJSON, not a GeoJSON FeatureCollection. Convert it.")
    if isinstance(value, dict) and ("rings" in value or "geometryType" in value):
        raise BadInput(f"{path.name} is Esri's JSON, not GeoJSON. Export it as GeoJSON.")
    raise BadInput(f"{path.name} is JSON, but not a GeoJSON FeatureCollection or Feature.")


def _geojson_geometry(path: Path, number: int, geometry: FileValue) -> Any:
    if geometry is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (shapely.GEOSException, ValueError, TypeError) as error:
        raise BadInput(f"{path.name}, feature {number + 1}: its geometry is broken. ({error})") from error


def _read_zip(path: Path) -> GeoTable:
    """Read the one boundary file inside a zip."""
    member = boundary_member(path)
    archive = f"/vsizip/{{{path.resolve()}}}"  # the braces allow any name of the zip
    if member is None:
        return _read_with_gdal(path, archive)
    if member.lower().endswith(".shp"):
        return _read_with_gdal(path, f"{archive}/{member}", code_page=code_page(path, member))
    if member.lower().endswith(".gpkg"):
        return _read_with_gdal(path, f"{archive}/{member}")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as bundle:
        unpacked = Path(folder) / f"{path.name}-{Path(member).name}"
        with bundle.open(member) as source, unpacked.open("wb") as target:
            shutil.copyfileobj(source, target)
        return _read_by_content(unpacked)


def _read_with_gdal(path: Path, source: str, *, code_page: str | None = None) -> GeoTable:
    """Read one layer with GDAL; `code_page` is what a shapefile says about its text."""
    with warnings.catch_warnings(record=True) as caught:  # GDAL's, such as a ring that is not closed
        warnings.simplefilter("always")
        meta, wkb, fields = _only_layer(path, source, None if code_page is None else RAW_ENCODING)
    notes = [f"GDAL: {str(warning.message)[:200]}" for warning in caught[:3]]
    columns = {str(name): list(values) for name, values in zip(meta["fields"], fields, strict=True)}
    if code_page is not None:
        columns, more_notes = decode_columns(columns, code_page)
        notes += more_notes
    return GeoTable(columns, _from_wkb(path, list(wkb)), meta["crs"], "shapefile or GeoPackage", notes)


def _only_layer(path: Path, source: str, encoding: str | None) -> tuple[dict[str, Any], Any, Any]:
    """Return metadata, shapes in WKB and fields of the one layer of a source."""
    import pyogrio

    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(source) if kind]
        if len(layers) != 1:
            raise BadInput(f"{path.name} has {len(layers)} layers of shapes ({', '.join(layers)}); it must have one.")
        meta, _, wkb, fields = pyogrio.raw.read(source, layer=layers[0], encoding=encoding)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnboundLocalError) as error:
        # pyogrio raises UnboundLocalError for a coordinate system that it cannot write as text.
        raise BadInput(f"{path.name} cannot be read as {SUPPORTED_FORMATS}: {_short(error)}") from error
    if wkb is None:
        raise BadInput(f"{path.name} has a table, but no shapes.")
    return meta, wkb, fields
