"""Look up one point in plain Python over memoryviews; the overhead of numpy calls would exceed the lookup."""

from typing import Final

import numpy as np

from apps.districts.spatial_index.build import CellArrays
from apps.districts.spatial_index.grid import CELLS_PER_DEGREE, EAST, NORTH, SUB, SUB_BITS, TILE_COLUMNS

# A point this close to a line (0.1 mm, in degrees) lies on it, within the rounding of coordinates.
ON_LINE: Final = 1e-9
_MASK: Final = SUB - 1
_BLOCK_BITS: Final = 2 * SUB_BITS


def _view(array: np.ndarray) -> memoryview:
    return array.data


class PointLocator:
    """Looks up one point at a time, by the same rule and arithmetic as the lookup of many."""

    def __init__(self, polygons: int, arrays: CellArrays) -> None:
        """Take views of the arrays, which stay mapped as long as this object exists."""
        self._polygons = polygons
        self.tiles = _view(arrays.tiles)
        self.cells = _view(arrays.cells)
        self._cell_groups = _view(arrays.cell_groups)
        self._base = _view(arrays.group_base)
        self._group_members = _view(arrays.group_members)
        self._members = _view(arrays.members)
        self._group_edges = _view(arrays.group_edges)
        self._x1, self._y1 = _view(arrays.edge_x1), _view(arrays.edge_y1)
        self._x2, self._y2 = _view(arrays.edge_x2), _view(arrays.edge_y2)
        self._bits = _view(arrays.edge_bits)
        self._set_starts, self._set_members = _view(arrays.set_starts), _view(arrays.set_members)

    def at(self, lon: float, lat: float) -> tuple[int, ...]:
        """Return the polygons that contain the point, ascending; none for NaN, infinities and values out of range."""
        return locate((self,), lon, lat)[0]

    def polygons_of_label(self, label: int, lon: float, lat: float) -> tuple[int, ...]:
        """Return the polygons of a label that is not a single polygon."""
        if label > self._polygons:
            start = label - self._polygons - 1
            return tuple(self._set_members[self._set_starts[start] : self._set_starts[start + 1]])
        groups = range(self._cell_groups[-1 - label], self._cell_groups[-label])
        found = [polygon for group in groups for polygon in self._in_group(group, lon, lat)]
        return tuple(found) or self._nearest(groups, lon, lat)

    def _in_group(self, group: int, lon: float, lat: float) -> list[int]:
        start, end = self._group_edges[group], self._group_edges[group + 1]
        bits = self._base[group]
        # Edges are sorted by their lower ends, so none after the first that begins north of the point spans it.
        index = start
        for low, high in zip(self._y1[start:end], self._y2[start:end], strict=True):
            if low > lat:
                break
            if high > lat:
                x1 = self._x1[index]
                if (self._x2[index] - x1) * (lat - low) < (lon - x1) * (high - low):
                    bits ^= self._bits[index]
            index += 1
        members = self._group_members[group]
        found = []
        while bits:
            if bits & 1:
                found.append(self._members[members])
            bits >>= 1
            members += 1
        return found

    def _nearest(self, groups: range, lon: float, lat: float) -> tuple[int, ...]:
        """Return the polygon of the nearest line if the point lies on one: outer lines belong to their polygon."""
        best = ON_LINE
        answer: tuple[int, ...] = ()
        for group in groups:
            for edge in range(self._group_edges[group], self._group_edges[group + 1]):
                distance = self._distance(edge, lon, lat)
                if distance < best:
                    bits = self._bits[edge]
                    lowest = (bits & -bits).bit_length() - 1
                    best, answer = distance, (self._members[self._group_members[group] + lowest],)
        return answer

    def _distance(self, edge: int, lon: float, lat: float) -> float:
        x1, y1 = self._x1[edge], self._y1[edge]
        dx, dy = self._x2[edge] - x1, self._y2[edge] - y1
        along = max(0.0, min(1.0, ((lon - x1) * dx + (lat - y1) * dy) / (dx * dx + dy * dy)))
        return float(((lon - x1 - along * dx) ** 2 + (lat - y1 - along * dy) ** 2) ** 0.5)


def locate(layers: tuple[PointLocator, ...], lon: float, lat: float) -> list[tuple[int, ...]]:
    """Return for each layer the polygons that contain the point; the cell is computed once for all layers."""
    if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
        return [()] * len(layers)
    column, row = int((lon + EAST) * CELLS_PER_DEGREE), int((lat + NORTH) * CELLS_PER_DEGREE)
    tile = (row >> SUB_BITS) * TILE_COLUMNS + (column >> SUB_BITS)
    place = ((row & _MASK) << SUB_BITS) + (column & _MASK)
    found: list[tuple[int, ...]] = []
    for layer in layers:
        label = layer.tiles[tile]
        if label < 0:
            label = layer.cells[((-1 - label) << _BLOCK_BITS) + place]
        if label == 0:
            found.append(())
        elif 0 < label <= layer._polygons:
            found.append((label - 1,))
        else:
            found.append(layer.polygons_of_label(label, lon, lat))
    return found
