"""Write boundary files of every format for the tests."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely


def parquet(path: Path, geometries: Any, crs: str | None = "EPSG:4269", **columns: list[Any]) -> Path:
    """Write a GeoParquet file."""
    facts: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
    if crs:
        facts["crs"] = pyproj.CRS(crs).to_json_dict()
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": facts}}
    table = pa.table({**columns, "geometry": pa.array(list(shapely.to_wkb(geometries)), pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def geojson(path: Path, geometries: Any, **columns: list[Any]) -> Path:
    """Write a GeoJSON file."""
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": json.loads(shapely.to_geojson(geometry)) if geometry else None,
        }
        for row, geometry in zip(rows, geometries, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def _write(
    path: Path, driver: str, geometries: Any, crs: str | None, columns: dict[str, list[Any]], **more: Any
) -> None:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(geometries),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        geometry_type=more.pop("geometry_type", "Polygon"),
        crs=crs,
        driver=driver,
        **more,
    )


def geopackage(path: Path, geometries: Any, crs: str = "EPSG:4326", **columns: list[Any]) -> Path:
    """Write a GeoPackage."""
    _write(path, "GPKG", geometries, crs, columns, layer="divisions")
    return path


def shapefile(path: Path, geometries: Any, crs: str | None = "EPSG:4269", **columns: list[Any]) -> Path:
    """Write a zipped shapefile; without a crs it has no .prj."""
    folder = path.with_suffix("")
    folder.mkdir()
    kind = shapely.get_parts(np.asarray(geometries))[0].geom_type
    _write(folder / "shape.shp", "ESRI Shapefile", geometries, crs or "EPSG:4326", columns, geometry_type=kind)
    with zipfile.ZipFile(path, "w") as bundle:
        for each in sorted(folder.iterdir()):
            if crs or each.suffix != ".prj":
                bundle.write(each, each.name)
    return path
