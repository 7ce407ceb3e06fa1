"""Convert coordinates of any system to longitude and latitude in degrees, within -180..180 and -90..90."""

from typing import Any

import numpy as np
import shapely

from apps.core.errors import BadInput
from apps.core.types import FileValue

# A longer step between two points of a ring crosses the antimeridian.
MAX_STEP_DEGREES = 180.0


def to_degrees(geometries: np.ndarray, crs: FileValue, name: str) -> tuple[np.ndarray, list[str]]:
    """Return the geometries in degrees, and notes on the changes.

    NAD83 and WGS 84 differ by about a meter and are treated as equal. Raises BadInput that names the file if its
    coordinates are not degrees and it does not state a coordinate system.
    """
    notes = []
    if crs is None:
        _refuse_unless_degrees(geometries, f"{name} does not state its coordinate system (a shapefile needs its .prj)")
        notes.append("no coordinate system stated; assumed degrees")
    else:
        geometries, changes = _reproject(geometries, crs, name)
        notes += changes
    _refuse_unless_degrees(geometries, name, turns=1)
    geometries, split_count = _split_at_antimeridian(geometries)
    if split_count:
        notes.append(f"{split_count} divisions split at the antimeridian")
    _refuse_unless_degrees(geometries, name)
    return geometries, notes


def _reproject(geometries: np.ndarray, crs: FileValue, name: str) -> tuple[np.ndarray, list[str]]:
    import pyproj

    try:
        source = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise BadInput(f"{name} has an unknown coordinate system; name it with --crs. ({str(error)[:200]})") from error
    if source.is_geographic:
        return geometries, []
    _refuse_degrees(geometries, f"{name} states the coordinate system {source.name}")
    transformer = pyproj.Transformer.from_crs(source, "EPSG:4326", always_xy=True)

    def move(points: np.ndarray) -> np.ndarray:
        return np.stack(transformer.transform(points[:, 0], points[:, 1]), axis=1)

    return shapely.transform(geometries, move), [f"reprojected from {source.name}"]


def _largest(geometries: np.ndarray) -> tuple[float, float]:
    """Return the largest absolute coordinates, or zeros if there are none."""
    points = shapely.get_coordinates(geometries)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return 0.0, 0.0
    lon, lat = np.abs(points).max(axis=0)
    return float(lon), float(lat)


def _refuse_unless_degrees(geometries: np.ndarray, what: str, *, turns: float = 0.5) -> None:
    """Raise BadInput for coordinates that are not degrees; longitudes may count on for some turns of the globe."""
    lon, lat = _largest(geometries)
    if lon <= 90 < lat <= 180:
        raise BadInput(
            f"{what}: latitudes reach {lat:.1f}, so the coordinates are swapped. Longitude has to come first, then "
            "latitude."
        )
    if lon > 360 * turns or lat > 90:
        raise BadInput(
            f"{what}: coordinates are meters, not degrees: name the CRS. Give it with --crs, for example --crs "
            f"EPSG:3857, or reproject to EPSG:4326. They reach {lon:.6g}, {lat:.6g}."
        )


def _refuse_degrees(geometries: np.ndarray, what: str) -> None:
    """Refuse degrees in a file that states meters: all of its districts would shrink to a point near 0, 0."""
    lon, lat = _largest(geometries)
    if 0 < lon <= 180 and lat <= 90:
        raise BadInput(
            f"{what}, in meters, but its coordinates are degrees: they reach {lon:.6g}, {lat:.6g}. Correct the CRS, or "
            "load with --crs EPSG:4326."
        )


def _split_at_antimeridian(geometries: np.ndarray) -> tuple[np.ndarray, int]:
    """Split geometries that cross the antimeridian; return them and the number of split ones."""
    count = 0
    for number, geometry in enumerate(geometries):
        if geometry is None or not _crosses(geometry):
            continue
        if not count:
            geometries = geometries.copy()
        geometries[number] = _split(geometry)
        count += 1
    return geometries, count


def _crosses(geometry: FileValue) -> bool:
    west, _, east, _ = geometry.bounds
    if not (east - west > MAX_STEP_DEGREES or west < -180 or east > 180) or np.isnan(west):
        return False
    return bool(
        west < -180 or east > 180 or any(_jumps(ring) for ring in shapely.get_rings(shapely.get_parts(geometry)))
    )


def _jumps(ring: FileValue) -> bool:
    """Return whether a ring crosses the antimeridian; an edge from -180 to 180 runs along a pole and does not."""
    step = np.abs(np.diff(shapely.get_coordinates(ring)[:, 0]))
    return bool(((step > MAX_STEP_DEGREES) & (step < 360)).any())


def _split(geometry: FileValue) -> Any:
    parts = []
    for part in shapely.get_parts(geometry):
        unrolled = shapely.transform(part, _unroll) if any(map(_jumps, shapely.get_rings(part))) else part
        for turn in (-360, 0, 360):
            box = shapely.box(-180 + turn, -90, 180 + turn, 90)
            if box.intersects(unrolled):
                parts.append(shapely.transform(unrolled & box, lambda points, turn=turn: points - [turn, 0]))
    areas = [piece for part in parts for piece in shapely.get_parts(part) if piece.geom_type == "Polygon"]
    return shapely.MultiPolygon(areas)


def _unroll(points: np.ndarray) -> np.ndarray:
    return np.stack([np.where(points[:, 0] < 0, points[:, 0] + 360, points[:, 0]), points[:, 1]], axis=1)
