"""The cell index gives the result of the full polygons, at every point."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.districts.spatial_index.build import build_cells
from apps.districts.spatial_index.lookup import Cells, open_cells, save_cells
from apps.districts.spatial_index.single_point import locate
from apps.districts.spatial_index.store import CellsError, verify_cells
from tests.districts.geometry import crooked, expected, near_misses, star, vertices


def index(geometries: np.ndarray) -> Cells:
    return Cells(len(geometries), build_cells(geometries))


def grouped(cells: Cells, points: np.ndarray) -> list[tuple[int, ...]]:
    """Return the batch's pairs as one tuple a point."""
    found: list[tuple[int, ...]] = [()] * len(points)
    for point, polygon in zip(*cells.pairs(points[:, 0], points[:, 1]), strict=True):
        found[point] = (*found[point], int(polygon))
    return found


def assert_equal_to_polygons(geometries: np.ndarray, points: np.ndarray, *, rounding: bool = False) -> None:
    """Assert that batch and single lookups agree, and equal exact even-odd except for points on an outline.

    There a point in no polygon belongs to one; with `rounding`, any polygon of that outline may differ.
    """
    cells = index(geometries)
    batch = grouped(cells, points)
    assert batch == [cells.at(x, y) for x, y in points.tolist()]
    lines = shapely.boundary(geometries)
    for (x, y), found in zip(points.tolist(), batch, strict=True):
        exact = expected(geometries, x, y)
        assert rounding or exact in (found, ())
        for polygon in set(found) ^ set(exact):
            assert lines[polygon].distance(shapely.Point(x, y)) < 1.1e-9


@pytest.mark.parametrize("size", [3.0, 0.4, 0.02, 0.004])
def test_a_coverage_is_exact_at_every_size(size: float) -> None:
    geometries = crooked(3, 3, west=-100.3, south=38.2, size=size)
    assert_equal_to_polygons(geometries, near_misses(geometries))


def test_a_point_on_a_shared_line_belongs_to_exactly_one_polygon() -> None:
    geometries = crooked(4, 4, west=-100.3, south=38.2, size=0.3)
    cells, inner = index(geometries), shapely.union_all(geometries).buffer(-1e-6)
    ends = vertices(geometries)
    points = np.vstack([ends, (ends[1:] + ends[:-1]) / 2, ends[1:] * 0.3 + ends[:-1] * 0.7])
    points = points[shapely.contains_xy(inner, points)]
    on_line = shapely.distance(shapely.union_all(shapely.boundary(geometries)), shapely.points(points)) < 1e-12
    assert on_line.sum() > 400
    assert {len(found) for found in grouped(cells, points[on_line])} == {1}


def test_a_point_on_the_outer_line_belongs_to_its_polygon() -> None:
    square = np.array([shapely.box(-1, -1, 1, 1)])
    cells = index(square)
    points = np.array([[1.0, 0.3], [0.2, 1.0], [1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    assert grouped(cells, points) == [(0,)] * 5
    assert cells.at(1.0, 0.3) == (0,)
    assert cells.at(1.00001, 0.3) == ()


def test_holes_islands_and_lakes_within_islands() -> None:
    land = shapely.Polygon(shapely.box(0, 0, 2, 2).exterior.coords, [shapely.box(0.5, 0.5, 1.5, 1.5).exterior.coords])
    island = shapely.Polygon(
        shapely.box(0.7, 0.7, 1.3, 1.3).exterior.coords, [shapely.box(0.9, 0.9, 1.1, 1.1).exterior.coords]
    )
    geometries = np.array([shapely.MultiPolygon([land, island]), shapely.box(0.9, 0.9, 1.1, 1.1)])
    assert_equal_to_polygons(geometries, near_misses(geometries, count=150))
    assert [index(geometries).at(x, 1.0) for x in (0.25, 0.6, 0.8, 1.0)] == [(0,), (), (0,), (1,)]


def test_overlapping_polygons_are_all_returned() -> None:
    rng = np.random.default_rng(3)
    stars = [star(rng, 10 + rng.uniform(-1, 1), 50 + rng.uniform(-1, 1), rng.uniform(0.005, 2)) for _ in range(20)]
    geometries = np.array([*stars, shapely.box(9.5, 49.5, 10.5, 50.5)])
    assert_equal_to_polygons(geometries, near_misses(geometries))


def test_more_polygons_than_a_mask_has_bits_share_one_cell() -> None:
    rng = np.random.default_rng(4)
    stars = [star(rng, 10 + rng.uniform(-0.003, 0.003), 50, rng.uniform(0.001, 0.004)) for _ in range(80)]
    assert_equal_to_polygons(np.array(stars), near_misses(np.array(stars), count=40))


def test_the_whole_world_with_poles_and_antimeridian() -> None:
    geometries = np.array([shapely.box(-180, -90, 0, 90), shapely.box(0, -90, 180, 90)])
    corners = np.array([[-180, -90], [-180, 90], [180, -90], [180, 90], [0, 90], [0.0, 0.0], [-0.0, -90], [179.99, 0]])
    assert_equal_to_polygons(geometries, np.vstack([corners, near_misses(geometries)]))
    assert all(grouped(index(geometries), corners))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 1e308, 180.5, -1e9])
def test_invalid_coordinates_have_no_polygon(bad: float) -> None:
    cells = index(np.array([shapely.box(-180, -90, 180, 90)]))
    points = np.array([[bad, 0.0], [0.0, bad], [bad, bad], [1.0, 1.0]])
    assert grouped(cells, points) == [(), (), (), (0,)]
    assert locate((cells.one, cells.one), bad, 0.0) == [(), ()]
    assert cells.at(0.0, bad) == ()


def test_first_is_the_lowest_polygon_and_minus_one_for_none() -> None:
    cells = index(np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)]))
    assert cells.first(np.array([1.5, 2.5, 5.0]), np.array([1.5, 2.5, 5.0])).tolist() == [0, 1, -1]
    assert cells.first(np.zeros(0), np.zeros(0)).tolist() == []


def test_a_border_along_a_line_of_the_grid_and_an_edge_used_twice() -> None:
    line = 1280 / 128 - 0.0013  # exactly where two cells meet
    spike = shapely.Polygon(
        [(line, 5), (line + 0.1, 5), (line + 0.3, 5), (line + 0.1, 5), (line + 0.1, 5.2), (line, 5.2)]
    )
    geometries = np.array([shapely.box(line - 0.2, 5, line, 5.2), spike])
    assert_equal_to_polygons(geometries, near_misses(geometries, count=200))


corner = st.integers(0, 6).map(lambda n: n / 128 / 2 - 0.0013 / 2)
wiggle = st.sampled_from([0.0, 1e-15, -1e-15, 1e-9, 1e-4])
place = st.tuples(corner, corner, wiggle, wiggle).map(lambda t: (t[0] + t[2], t[1] + t[3]))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(place, min_size=3, max_size=7), min_size=1, max_size=3),
    st.lists(place, min_size=1, max_size=12),
)
def test_any_rings_with_vertices_at_the_corners_of_cells(
    rings: list[list[tuple[float, float]]], points: list[tuple[float, float]]
) -> None:
    """Even self-crossing and degenerate rings: even-odd is defined for them, and the index must equal it."""
    geometries = np.array([shapely.Polygon(ring) for ring in rings])
    assert_equal_to_polygons(geometries, np.array(points), rounding=True)


@pytest.mark.parametrize(
    "geometries", [[], [shapely.box(-181, 0, 0, 1)], [shapely.box(0, 0, 1, 91)], [shapely.Polygon()]]
)
def test_coordinates_that_are_not_degrees_are_refused(geometries: list[shapely.Geometry]) -> None:
    with pytest.raises(ValueError, match="in degrees"):
        build_cells(np.array(geometries, dtype=object))


def test_a_written_index_is_equal_and_never_partial(tmp_path: Path) -> None:
    geometries = crooked(3, 3, west=-100, south=38, size=0.4)
    cells = save_cells(tmp_path / "cells", geometries)
    points = near_misses(geometries)
    assert grouped(cells, points) == grouped(index(geometries), points)
    assert [path.name for path in tmp_path.iterdir()] == ["cells"]
    assert verify_cells(tmp_path / "cells") == []
    assert (tmp_path / "cells").stat().st_mode & 0o77 == 0


def test_a_damaged_or_foreign_folder_is_refused_by_name(tmp_path: Path) -> None:
    save_cells(tmp_path / "cells", crooked(2, 2, west=-100, south=38, size=0.4))
    with (tmp_path / "cells" / "edge_x1.npy").open("r+b") as file:
        file.seek(200)
        file.write(b"\xff" * 8)
    assert verify_cells(tmp_path / "cells") == ["edge_x1"]
    with (tmp_path / "cells" / "members.npy").open("ab") as file:
        file.write(b"more")
    with pytest.raises(CellsError, match=r"cells/members\.npy is damaged"):
        open_cells(tmp_path / "cells")
    (tmp_path / "cells" / "manifest.json").write_text('{"format": 0}')
    with pytest.raises(CellsError, match="another format"):
        open_cells(tmp_path / "cells")
    with pytest.raises(CellsError, match="No cell index in nowhere"):
        open_cells(tmp_path / "nowhere")
