"""Overlaps and gaps between polygons are distinguished."""

from typing import Any

import numpy as np
import shapely

from apps.districts.sources.geometry import find_mismatches
from apps.districts.spatial_index.build import build_cells
from apps.districts.spatial_index.lookup import Cells
from tests.districts.geometry import crooked


def test_overlaps_and_gaps_are_distinguished() -> None:
    def troubles(shapes: list[Any]) -> tuple[set[int], set[int]]:
        return find_mismatches(np.array(shapes), Cells(len(shapes), build_cells(np.array(shapes))))

    # The outer border of an overlap is no gap, whatever its width.
    for west in (0.9, 0.5, 0.99999):
        beside = [shapely.box(0, 0, 1, 1), shapely.box(west, 0, 2, 1), shapely.box(5, 5, 6, 6)]
        assert troubles(beside) == ({0, 1}, set())
    assert troubles([shapely.box(0, 0, 3, 3), shapely.box(1, 1, 2, 2)]) == ({0, 1}, set())
    assert troubles([shapely.box(0, 0, 1, 1), shapely.box(1.00005, 0, 2, 1)]) == (set(), {0, 1})
    assert troubles([shapely.box(0, 0, 1, 1), shapely.box(1.5, 0, 2, 1)]) == (set(), set())
    uneven = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1.00005, 0.5)])
    overlap, gap = troubles([shapely.box(0, 0, 1, 1), uneven])
    assert (overlap, gap >= {1}) == (set(), True)
    coverage = crooked(4, 4, west=-100, south=38, size=0.2)
    assert find_mismatches(coverage, Cells(16, build_cells(coverage))) == (set(), set())
