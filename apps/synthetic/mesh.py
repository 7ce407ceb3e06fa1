"""Generate the planar mesh of precinct cells: irregular borders that share every vertex, and adjacency.

Everything drawn later (counties, districts, the state) is a union of these cells, so that every layer is a valid
coverage by construction: no gap, no overlap.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from apps.synthetic.outline import GRID, Floats, crooked, halden

_SMALLEST = 2e-6  # square degrees, about 2 hectares: smaller faces are merged into a neighbor
_GAP = 1e-4  # degrees: the width of gap that loaders of boundaries look for
_THINNEST = 0.15  # of the roundness of a circle, 4 pi area / length squared
_CLEAR = 0.0045  # degrees around the middle of the home block without another cell's center
_STEP = 0.006  # degrees: lines longer than this get another bend


@dataclass(frozen=True)
class Mesh:
    """Cells of the state and their borders: `pairs` is (borders, 2) cell numbers, `shared` their lengths."""

    cells: NDArray[np.object_]
    centres: Floats
    pairs: NDArray[np.int64]
    shared: Floats

    def neighbours(self, *, ferries: bool = True) -> list[list[int]]:
        """Return the bordering cells of every cell, in a fixed order; `ferries` counts links over water."""
        found: list[list[int]] = [[] for _ in range(len(self.cells))]
        for a, b in self.pairs[(self.shared > 0) | ferries].tolist():
            found[a].append(b)
            found[b].append(a)
        return found

    def locate(self, points: Floats) -> NDArray[np.int64]:
        """Return the cell of every point of an (n, 2) array; for points on a border or at sea, one of the nearest."""
        tree = shapely.STRtree(self.cells)
        which = np.full(len(points), -1, np.int64)
        for start in range(0, len(points), 200_000):  # points as objects cost about 150 bytes each
            part = shapely.points(points[start : start + 200_000])
            hit, cell = tree.query(part, predicate="within")
            which[start + hit] = cell
            lost = np.flatnonzero(which[start : start + len(part)] < 0)
            if len(lost):
                which[start + lost] = tree.nearest(part[lost])
        return which


def make_mesh(homes: Floats, cells: int, home: Floats, rng: np.random.Generator) -> Mesh:
    """Draw about `cells` precinct cells, dense where `homes`, an (n, 2) array of points, are dense.

    `home` is a point whose surroundings, a block each way, lie in one cell.
    """
    land = halden()
    seeds = _seeds(homes, cells, land, rng)
    seeds = np.concatenate([seeds[np.hypot(*(seeds - home).T) > _CLEAR], [home]])
    faces = _faces(_borders(seeds, land, rng), land)
    while (small := _is_sliver(faces)).any():
        joined = _join(faces, small)
        if len(joined) == len(faces):
            break
        faces = joined
    order = np.lexsort(
        (shapely.get_y(shapely.centroid(faces)).round(6), shapely.get_x(shapely.centroid(faces)).round(6))
    )
    faces = faces[order]
    pairs, shared = _adjacent(faces)
    pairs, shared = _bridge(faces, pairs, shared)
    return Mesh(faces, shapely.get_coordinates(shapely.centroid(faces)), pairs, shared)


def _is_sliver(faces: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which faces are so small, narrow or sharp at the coast that a loader would suspect a gap."""
    area = shapely.area(faces)
    thin = 4 * np.pi * area < _THINNEST * shapely.length(faces) ** 2
    sharp = ~shapely.is_empty(shapely.coverage_invalid_edges(faces, gap_width=_GAP))
    sliver: NDArray[np.bool_] = (area < _SMALLEST) | thin | sharp
    return sliver


def _seeds(homes: Floats, cells: int, land: shapely.Geometry, rng: np.random.Generator) -> Floats:
    """Place cell centers: three quarters where people live, the rest everywhere; then even them out a little."""
    west, south, east, north = land.bounds
    urban = homes[rng.integers(0, len(homes), cells * 3 // 4)] + rng.normal(0, 0.002, (cells * 3 // 4, 2))
    rural: Floats = rng.uniform((west, south), (east, north), (cells, 2))
    rural = rural[shapely.contains_xy(land, rural[:, 0], rural[:, 1])][: cells - len(urban)]
    seeds: Floats = np.concatenate([urban, rural])
    box = shapely.box(west - 0.3, south - 0.3, east + 0.3, north + 0.3)
    for _ in range(1):
        regions = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=box))
        seeds = shapely.get_coordinates(shapely.centroid(shapely.intersection(regions, box)))
    return seeds


def _borders(seeds: Floats, land: shapely.Geometry, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return every border line, with more bends the longer it is, and the outline of the land."""
    box = land.envelope.buffer(0.3)
    edges = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=box, only_edges=True))
    ends = shapely.get_coordinates(edges).reshape(-1, 2, 2)
    ends = ends[np.lexsort(ends.reshape(-1, 4).round(9).T)]
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    depth = np.clip(np.ceil(np.log2(np.maximum(length, GRID) / _STEP)), 1, 7).astype(int)
    lines: list[shapely.Geometry] = [*shapely.get_parts(shapely.boundary(land))]
    for level in range(1, 8):
        for line in crooked(ends[depth == level], level, 0.1, rng):
            lines.append(shapely.LineString(line))  # noqa: PERF401 - lines of one depth at a time
    return np.array(lines, object)


def _faces(lines: NDArray[np.object_], land: shapely.Geometry) -> NDArray[np.object_]:
    """Cut the plane along the lines, noded on the grid, and return the faces on land."""
    noded = shapely.union_all(lines, grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.point_on_surface(faces)
    shapely.prepare(land)
    kept: NDArray[np.object_] = faces[shapely.contains(land, inside)]
    return kept


def _adjacent(faces: NDArray[np.object_]) -> tuple[NDArray[np.int64], Floats]:
    """Find the pairs of faces that share a line: each segment of a border occurs in exactly two rings."""
    rings, owner = shapely.get_rings(faces, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    a, b, face = xy[:-1][same], xy[1:][same], owner[ring[:-1][same]]
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    low, high = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    key = np.rint(np.concatenate([low, high], axis=1) / GRID).astype(np.int64)
    order = np.lexsort(key.T)
    twice = (key[order][1:] == key[order][:-1]).all(axis=1)
    one, two = face[order][:-1][twice], face[order][1:][twice]
    length = np.hypot(*(high - low)[order][:-1][twice].T)
    pairs, where = np.unique(np.sort(np.stack([one, two], axis=1), axis=1), axis=0, return_inverse=True)
    shared = np.bincount(where.ravel(), weights=length, minlength=len(pairs)).astype(np.float64)
    return pairs.astype(np.int64), shared


def _join(faces: NDArray[np.object_], small: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Merge every small face into the neighbor with which it shares the longest border."""
    pairs, shared = _adjacent(faces)
    target = np.arange(len(faces))
    for which in np.argsort(-shared, kind="stable")[::-1]:
        a, b = pairs[which]
        if small[a] and not small[b]:
            target[a] = b
        elif small[b] and not small[a]:
            target[b] = a
        elif small[a] and small[b] and target[a] == a and target[b] == b:
            target[a] = b
    while (target[target] != target).any():
        target = target[target]
    return np.array([shapely.coverage_union_all(faces[target == group]) for group in np.unique(target)], object)


def _bridge(faces: NDArray[np.object_], pairs: NDArray[np.int64], shared: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Link islands to the nearest cell elsewhere, as a ferry does, so that every district can be contiguous."""
    while len(np.unique(group := _components(len(faces), pairs))) > 1:
        smallest = min(np.unique(group), key=lambda g: int((group == g).sum()))
        near, far = np.flatnonzero(group == smallest), np.flatnonzero(group != smallest)
        distance = shapely.distance(faces[near][:, None], faces[far][None, :])
        a, b = np.unravel_index(int(distance.argmin()), distance.shape)
        pairs = np.concatenate([pairs, [sorted((near[a], far[b]))]])
        shared = np.append(shared, 0.0)
    return pairs, shared


def _components(count: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    group = np.arange(count)
    while True:
        lowest = group.copy()
        np.minimum.at(lowest, pairs[:, 0], group[pairs[:, 1]])
        np.minimum.at(lowest, pairs[:, 1], group[pairs[:, 0]])
        if (lowest == group).all():
            return group
        group = lowest
