"""Write geometry files with reproducible bytes: GeoParquet, GeoJSON, zipped shapefile."""

import json
import logging
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from numpy.typing import NDArray

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can store: archives must not contain the time of writing


def write_geoparquet(
    path: Path, columns: Mapping[str, NDArray[np.object_] | pa.Array], shapes: NDArray[np.object_]
) -> None:
    """Write GeoParquet 1.0: WKB and its metadata. No crs key means longitude and latitude on WGS 84."""
    table = pa.table({**columns, "geometry": pa.array(shapely.to_wkb(shapes, flavor="iso"), pa.binary())})
    geo = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": sorted({shape.geom_type for shape in shapes}),
                "bbox": [round(float(v), 6) for v in shapely.total_bounds(shapes)],
            }
        },
    }
    table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, path, compression="zstd")


def write_geojson(path: Path, columns: Mapping[str, Sequence[str]], shapes: NDArray[np.object_]) -> None:
    """Write a feature collection, one feature a line, six decimals."""
    names = list(columns)
    lines = []
    for row, shape in zip(zip(*columns.values(), strict=True), shapes, strict=True):
        properties = dict(zip(names, row, strict=True))
        geometry = json.loads(shapely.to_geojson(shape))
        lines.append(json.dumps({"type": "Feature", "properties": properties, "geometry": geometry}))
    path.write_text('{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def write_shapefile_zip(path: Path, columns: Mapping[str, NDArray[np.object_]], shapes: NDArray[np.object_]) -> None:
    """Write a shapefile and zip its parts, as the Census Bureau publishes them."""
    logging.getLogger("pyogrio").setLevel(logging.WARNING)  # it logs every file to standard error
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        target = Path(folder) / f"{path.stem}.shp"
        pyogrio.raw.write(
            target,
            shapely.to_wkb(shapes),
            list(columns.values()),
            list(columns),
            geometry_type="Polygon",
            crs="EPSG:4326",
            driver="ESRI Shapefile",
            encoding="UTF-8",
            layer_options={"DBF_DATE_LAST_UPDATE": "2020-01-01"},
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.writestr(zipfile.ZipInfo(part.name, _EARLIEST), part.read_bytes(), zipfile.ZIP_DEFLATED)
