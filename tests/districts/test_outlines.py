"""Outlines for maps: rounded, labeled inside, drawn as closed paths, and new after a swap of vintages."""

from pathlib import Path

import numpy as np
import pytest

from apps.districts import lookup
from apps.districts.outlines import Outline, Projection, outline_of, svg_path
from tests.districts.samples import halves, load

SQUARE = {"type": "Polygon", "coordinates": [[[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]]}
PLAIN = Projection(west=0.0, north=2.0, x_scale=10.0, y_scale=10.0)


def test_points_are_rounded_to_eleven_meters() -> None:
    ring = [[0.00001, 0.0], [2.000049, 0.0], [2.0, 2.0], [0.00001, 0.0]]
    outline = Outline({"type": "Polygon", "coordinates": [ring]})
    assert outline.bounds == (0.0, 0.0, 2.0, 2.0)
    assert "0.00001" not in outline.geojson


def test_a_path_closes_and_leaves_out_what_falls_on_one_point() -> None:
    assert svg_path(Outline(SQUARE), PLAIN) == "M0 20l20 0 0-20-20 0 0 20z"
    assert svg_path(Outline(SQUARE), Projection(0.0, 2.0, 0.01, 0.01)) == ""


def test_holes_and_islands_are_drawn() -> None:
    hole = [[0.5, 0.5], [1.0, 0.5], [1.0, 1.0], [0.5, 0.5]]
    island = [[[5.0, 5.0], [6.0, 5.0], [6.0, 6.0], [5.0, 5.0]]]
    outline = Outline({"type": "MultiPolygon", "coordinates": [[*SQUARE["coordinates"], hole], island]})
    assert svg_path(outline, PLAIN).count("M") == 3
    assert outline.bounds == (0.0, 0.0, 6.0, 6.0)


def test_label_and_circle_are_inside() -> None:
    outline = Outline(SQUARE)
    assert outline.inscribed_circle == pytest.approx((1.0, 1.0, 1.0), abs=0.05)
    assert all(0 < value < 2 for value in outline.label_point)


@pytest.mark.django_db
def test_a_new_vintage_has_its_own_outline(tmp_path: Path) -> None:
    load(tmp_path, "cd", "2022", halves(-99.9995))
    (before,) = lookup.districts_at(-100.5, 40.5)["cd"]
    old = outline_of(before)
    load(tmp_path, "cd", "2022", halves(-99.0))
    (after,) = lookup.districts_at(-100.5, 40.5)["cd"]
    new = outline_of(after)
    assert old is not None
    assert new is not None
    assert outline_of(after) is new, "cached"
    assert not np.isclose(old.bounds[2], new.bounds[2])
