"""A vintage's folder: written once at its load, then only opened."""

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

from apps.districts.sources.boundaries import Boundaries
from apps.districts.sources.geometry import mismatches
from apps.districts.spatial_index.build import build_cells
from apps.districts.spatial_index.lookup import Cells, open_cells
from apps.districts.spatial_index.store import CellsError, write_cells

# Outlines for maps keep to the lines within a part of a district's width that is about a dot on a screen, and
# neighbours share them.
WIDTHS = 400
FINEST, COARSEST = 1e-5, 0.01
# Neighbours may be drawn apart by this much (about a metre) and still touch.
TOUCH = 1e-5


def write_vintage(folder: Path, boundaries: Boundaries) -> None:
    """Writes all that look-ups and maps need, under `folder` or not at all; adds overlaps and gaps to the
    report.
    """
    with _beside(folder) as draft:
        write_cells(draft / "cells", build_cells(boundaries.geometries), len(boundaries.ids))
        overlaps, gaps = mismatches(boundaries.geometries, open_cells(draft / "cells"))
        boundaries.report.overlaps = [boundaries.ids[each] for each in sorted(overlaps)]
        boundaries.report.gaps = [boundaries.ids[each] for each in sorted(gaps)]
        outlines = _outlines(boundaries.geometries)
        _write_outlines(draft, outlines)
        _write_json(draft / "divisions.json", [boundaries.ids, boundaries.names])
        _write_json(draft / "neighbours.json", _neighbours(outlines))


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    try:
        yield draft
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    path.chmod(0o600)


def _outlines(geometries: np.ndarray) -> np.ndarray:
    west, south, east, north = shapely.bounds(geometries).T
    widths = np.sqrt(np.maximum((east - west) * (north - south), 0))
    tolerance = float(np.clip(np.quantile(widths, 0.25) / WIDTHS, FINEST, COARSEST))
    try:
        simple = shapely.coverage_simplify(geometries, tolerance)
    except shapely.GEOSException:
        simple = shapely.simplify(geometries, tolerance)
    return np.where(shapely.is_empty(simple), geometries, simple)


def _write_outlines(folder: Path, outlines: np.ndarray) -> None:
    """One GeoJSON geometry a line, and where each line begins, so that a map reads one district and not the
    layer.
    """
    starts = [0]
    path = folder / "outlines.geojsonl"
    with path.open("wb") as file:
        for geometry in outlines:
            shape = shapely.set_precision(geometry, 1e-6, mode="pointwise")
            starts.append(starts[-1] + file.write(shapely.to_geojson(shape).encode() + b"\n"))
    path.chmod(0o600)
    np.save(folder / "outlines.npy", np.array(starts, np.int64))


def _neighbours(outlines: np.ndarray) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in outlines]
    a, b = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=TOUCH)
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        if one != other:
            found[one].append(other)
    return [sorted(each) for each in found]


class OpenVintage:
    """A vintage's folder, opened: its index at once, its names and outlines when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        """Takes a folder that `write_vintage` wrote. Raises CellsError when it is missing or damaged."""
        self.folder = folder
        self.cells: Cells = open_cells(folder / "cells")

    @cached_property
    def _divisions(self) -> list[list[str]]:
        try:
            divisions: list[list[str]] = json.loads((self.folder / "divisions.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CellsError(f"{self.folder.name} lost its names: load the boundaries again. ({error})") from error
        return divisions

    @property
    def ids(self) -> list[str]:
        """The OCD id of each division, by number."""
        return self._divisions[0]

    @property
    def names(self) -> list[str]:
        """The name of each division, by number; '' where the file had none."""
        return self._divisions[1]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each OCD id."""
        return {each: number for number, each in enumerate(self.ids)}

    def neighbours(self, number: int) -> list[int]:
        """The divisions that touch one, by number."""
        return self._neighbours[number]

    @cached_property
    def _neighbours(self) -> list[list[int]]:
        found: list[list[int]] = json.loads((self.folder / "neighbours.json").read_text())
        return found

    def outline(self, number: int) -> dict[str, Any]:
        """A division's simplified outline, as a GeoJSON geometry."""
        starts = np.load(self.folder / "outlines.npy", mmap_mode="r")
        with (self.folder / "outlines.geojsonl").open("rb") as file:
            file.seek(int(starts[number]))
            geometry: dict[str, Any] = json.loads(file.readline())
        return geometry
