"""Write and open a vintage's folder, which is immutable after its load."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from apps.core.types import FileValue
from apps.districts.sources.boundaries import Boundaries
from apps.districts.sources.geometry import find_mismatches
from apps.districts.spatial_index.build import build_cells
from apps.districts.spatial_index.lookup import Cells, open_cells
from apps.districts.spatial_index.store import CellsError, write_cells

# Outlines for maps deviate by at most one such part of a typical district's width: about a pixel on a screen.
DOTS_PER_WIDTH = 400
MIN_TOLERANCE, MAX_TOLERANCE = 1e-5, 0.01
# Neighbors may be this far apart (about a meter) and still count as touching.
NEIGHBOR_DISTANCE = 1e-5


def write_vintage(folder: Path, boundaries: Boundaries) -> None:
    """Write all files for lookups and maps to `folder`, atomically; add overlaps and gaps to the report."""
    with _atomic_folder(folder) as draft:
        write_cells(draft / "cells", build_cells(boundaries.geometries), len(boundaries.ids))
        overlaps, gaps = find_mismatches(boundaries.geometries, open_cells(draft / "cells"))
        boundaries.report.overlaps = [boundaries.ids[number] for number in sorted(overlaps)]
        boundaries.report.gaps = [boundaries.ids[number] for number in sorted(gaps)]
        outlines = _outlines(boundaries.geometries)
        _write_outlines(draft, outlines)
        _write_json(draft / "divisions.json", [boundaries.ids, boundaries.names])
        _write_json(draft / "neighbours.json", _find_neighbors(outlines))


@contextmanager
def _atomic_folder(folder: Path) -> Iterator[Path]:
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    try:
        yield draft
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_json(path: Path, value: FileValue) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    path.chmod(0o600)


def _outlines(geometries: np.ndarray) -> np.ndarray:
    west, south, east, north = shapely.bounds(geometries).T
    widths = np.sqrt(np.maximum((east - west) * (north - south), 0))
    tolerance = float(np.clip(np.quantile(widths, 0.25) / DOTS_PER_WIDTH, MIN_TOLERANCE, MAX_TOLERANCE))
    try:
        simple = shapely.coverage_simplify(geometries, tolerance)
    except shapely.GEOSException:
        simple = shapely.simplify(geometries, tolerance)
    return np.where(shapely.is_empty(simple), geometries, simple)


def _write_outlines(folder: Path, outlines: np.ndarray) -> None:
    """Write a GeoJSON geometry per line, and the offsets of the lines, so that a map reads a single district."""
    starts = [0]
    path = folder / "outlines.geojsonl"
    with path.open("wb") as file:
        for geometry in outlines:
            shape = shapely.set_precision(geometry, 1e-6, mode="pointwise")
            starts.append(starts[-1] + file.write(shapely.to_geojson(shape).encode() + b"\n"))
    path.chmod(0o600)
    np.save(folder / "outlines.npy", np.array(starts, np.int64))


def _find_neighbors(outlines: np.ndarray) -> list[list[int]]:
    neighbors: list[list[int]] = [[] for _ in outlines]
    a, b = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=NEIGHBOR_DISTANCE)
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        if one != other:
            neighbors[one].append(other)
    return [sorted(numbers) for numbers in neighbors]


class OpenVintage:
    """An open vintage: maps its index at once, and reads names and outlines on first use."""

    def __init__(self, folder: Path) -> None:
        """Open a folder written by `write_vintage`; raise CellsError if it is missing or damaged."""
        self.folder = folder
        self.cells: Cells = open_cells(folder / "cells")

    @cached_property
    def _divisions(self) -> list[list[str]]:
        try:
            divisions: list[list[str]] = json.loads((self.folder / "divisions.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CellsError(f"{self.folder.name} has no names: load the boundaries again. ({error})") from error
        return divisions

    @property
    def ids(self) -> list[str]:
        """Return the OCD id of each division, by number."""
        return self._divisions[0]

    @property
    def names(self) -> list[str]:
        """Return the name of each division, by number; empty if the file had none."""
        return self._divisions[1]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Return the number of each OCD id."""
        return {ocd_id: number for number, ocd_id in enumerate(self.ids)}

    def neighbors(self, number: int) -> list[int]:
        """Return the numbers of the divisions that touch one."""
        return self._neighbours[number]

    @cached_property
    def _neighbours(self) -> list[list[int]]:
        found: list[list[int]] = json.loads((self.folder / "neighbours.json").read_text())
        return found

    def outline(self, number: int) -> dict[str, Any]:
        """Return a division's simplified outline as a GeoJSON geometry."""
        starts = np.load(self.folder / "outlines.npy", mmap_mode="r")
        with (self.folder / "outlines.geojsonl").open("rb") as file:
            file.seek(int(starts[number]))
            geometry: dict[str, Any] = json.loads(file.readline())
        return geometry
