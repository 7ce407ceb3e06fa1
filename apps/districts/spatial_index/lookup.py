"""Look up polygons of points: many at once in numpy, or one in plain Python, over the same mapped arrays."""

from pathlib import Path
from typing import Final

import numpy as np

from apps.districts.spatial_index import grid
from apps.districts.spatial_index.build import CellArrays, build_cells
from apps.districts.spatial_index.grid import Floats, Ints, Labels, repeat_owners
from apps.districts.spatial_index.single_point import ON_LINE, PointLocator
from apps.districts.spatial_index.store import read_arrays, write_cells

# Points per batch, so that work arrays stay in the processor's cache.
BATCH_POINTS: Final = 1 << 16


class Cells:
    """The open index of one layer; polygons are identified by their numbers in the layer."""

    def __init__(self, polygons: int, arrays: CellArrays) -> None:
        """Take the result of `build_cells` or `read_arrays`."""
        self.polygons = polygons
        self.arrays = arrays
        self._many_groups = len(arrays.group_base) != len(arrays.cell_groups) - 1
        self.one = PointLocator(polygons, arrays)

    def at(self, lon: float, lat: float) -> tuple[int, ...]:
        """Return the polygons that contain one point, ascending; empty for none and for invalid coordinates."""
        return self.one.at(lon, lat)

    def first(self, lon: Floats, lat: Floats) -> Labels:
        """Return for each point the first polygon that contains it, or -1."""
        point, polygon = self.pairs(lon, lat)
        found = np.full(len(lon), -1, np.int32)
        # Written in reverse, so that the first of several pairs of a point remains.
        found[point[::-1]] = polygon[::-1]
        return found

    def pairs(self, lon: Floats, lat: Floats) -> tuple[Ints, Labels]:
        """Return all (point, polygon) pairs by point, then polygon. Degrees; NaN and values out of range have no
        pair.
        """
        lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        parts = [self._portion(lon, lat, start) for start in range(0, len(lon), BATCH_POINTS)]
        if not parts:
            return np.zeros(0, np.int64), np.zeros(0, np.int32)
        return np.concatenate([p for p, _ in parts]), np.concatenate([q for _, q in parts])

    def _portion(self, lon: Floats, lat: Floats, start: int) -> tuple[Ints, Labels]:
        lon, lat = lon[start : start + BATCH_POINTS], lat[start : start + BATCH_POINTS]
        fits = (lon >= -180) & (lon <= 180) & (lat >= -90) & (lat <= 90)
        if fits.all():
            point, polygon = self._within(lon, lat)
            return point + start, polygon
        kept = np.flatnonzero(fits)
        point, polygon = self._within(lon[kept], lat[kept])
        return kept[point] + start, polygon

    def _within(self, lon: Floats, lat: Floats) -> tuple[Ints, Labels]:
        label = self._labels(lon, lat)
        alone = np.flatnonzero((label > 0) & (label <= self.polygons))
        points, polygons = [alone], [label[alone] - 1]
        for part in (self._sets(label), self._borders(lon, lat, label)):
            if len(part[0]):
                points.append(part[0])
                polygons.append(part[1])
        if len(points) == 1:
            return alone, polygons[0]
        point, polygon = np.concatenate(points), np.concatenate(polygons)
        order = np.argsort(point * self.polygons + polygon, kind="stable")
        return point[order], polygon[order]

    def _labels(self, lon: Floats, lat: Floats) -> Labels:
        """Return each point's label; -1 - b for a point in border cell b."""
        column, row = grid.column(lon).astype(np.int32), grid.row(lat).astype(np.int32)
        label = self.arrays.tiles[(row >> grid.SUB_BITS) * grid.TILE_COLUMNS + (column >> grid.SUB_BITS)]
        deep = np.flatnonzero(label < 0)
        if len(deep):
            block = (-1 - label[deep]).astype(np.int64) << (2 * grid.SUB_BITS)
            place = ((row[deep] & (grid.SUB - 1)) << grid.SUB_BITS) + (column[deep] & (grid.SUB - 1))
            label[deep] = self.arrays.cells[block + place]
        return label

    def _sets(self, label: Labels) -> tuple[Ints, Labels]:
        """Return pairs for the cells inside several polygons."""
        several = np.flatnonzero(label > self.polygons)
        which = label[several] - self.polygons - 1
        starts = self.arrays.set_starts
        owner, step = repeat_owners((starts[which + 1] - starts[which]).astype(np.int64))
        return several[owner], self.arrays.set_members[starts[which][owner] + step]

    def _borders(self, lon: Floats, lat: Floats, label: Labels) -> tuple[Ints, Labels]:
        """Return pairs for the points in border cells."""
        point = np.flatnonzero(label < 0)
        group = (-1 - label[point]).astype(np.int64)
        if self._many_groups:
            starts = self.arrays.cell_groups
            owner, step = repeat_owners((starts[group + 1] - starts[group]).astype(np.int64))
            point, group = point[owner], starts[group][owner] + step
        bits = self._bits(lon[point], lat[point], group)
        hit, polygon = self._polygons(group, bits)
        near = self._on_outer_lines(lon, lat, point, group, point[hit])
        return np.append(point[hit], near[0]), np.append(polygon, near[1])

    def _bits(self, lon: Floats, lat: Floats, group: Ints) -> np.ndarray:
        """Return for each (point, group) the bits of the polygons that contain the point: even-odd over the cell's
        edges.
        """
        a = self.arrays
        bits = a.group_base[group]
        start = a.group_edges[group]
        owner, step = repeat_owners((a.group_edges[group + 1] - start).astype(np.int64))
        edge, y = start[owner] + step, lat[owner]
        spans = np.flatnonzero((a.edge_y1[edge] <= y) & (a.edge_y2[edge] > y))
        owner, edge, y = owner[spans], edge[spans], y[spans]
        x1, y1 = a.edge_x1[edge], a.edge_y1[edge]
        side = (a.edge_x2[edge] - x1) * (y - y1) - (lon[owner] - x1) * (a.edge_y2[edge] - y1)
        left = np.flatnonzero(side < 0)
        if len(left):
            owner = owner[left]
            first = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
            bits[owner[first]] ^= np.bitwise_xor.reduceat(a.edge_bits[edge[left]], first)
        return bits

    def _polygons(self, group: Ints, bits: np.ndarray) -> tuple[Ints, Labels]:
        """Expand the set bits: positions in `group`, and the polygons."""
        rest = np.flatnonzero(bits)
        bits = bits[rest]
        places, polygons = [rest[:0]], [self.arrays.members[:0]]
        while len(rest):
            lowest = np.bitwise_count((bits & -bits) - np.uint32(1))
            places.append(rest)
            polygons.append(self.arrays.members[self.arrays.group_members[group[rest]] + lowest])
            bits = bits & (bits - np.uint32(1))
            more = np.flatnonzero(bits)
            rest, bits = rest[more], bits[more]
        return np.concatenate(places), np.concatenate(polygons)

    def _on_outer_lines(self, lon: Floats, lat: Floats, point: Ints, group: Ints, found: Ints) -> tuple[Ints, Ints]:
        """Return points on a line that no polygon contains: the half-open rule omits north and west edges."""
        missed = np.flatnonzero(~np.isin(point, found))
        start = self.arrays.group_edges[group[missed]]
        owner, step = repeat_owners((self.arrays.group_edges[group[missed] + 1] - start).astype(np.int64))
        edge, x, y = start[owner] + step, lon[point[missed]][owner], lat[point[missed]][owner]
        close = (self.arrays.edge_y1[edge] <= y + ON_LINE) & (self.arrays.edge_y2[edge] >= y - ON_LINE)
        edge, x, y, owner = edge[close], x[close], y[close], owner[close]
        ends = np.stack([getattr(self.arrays, name)[edge] for name in ("edge_x1", "edge_x2")])
        beside = (ends.min(axis=0) <= x + ON_LINE) & (ends.max(axis=0) >= x - ON_LINE)
        lone = np.unique(point[missed[owner[beside]]])
        answers = [(int(p), polygon) for p in lone for polygon in self.at(float(lon[p]), float(lat[p]))]
        return np.array([p for p, _ in answers], np.int64), np.array([q for _, q in answers], np.int64)


def open_cells(folder: Path) -> Cells:
    """Open an index folder without reading it: pages are read on access. Raises CellsError."""
    return Cells(*read_arrays(folder))


def save_cells(folder: Path, geometries: np.ndarray) -> Cells:
    """Build the index of the polygons, write it to `folder` (which must not exist) and open it."""
    write_cells(folder, build_cells(geometries), len(geometries))
    return open_cells(folder)
