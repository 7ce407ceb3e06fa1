"""House numbers are located beside their street's line."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from apps.districts.addresses.interpolation import METERS_PER_DEGREE, point_along


@given(
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(-99.01, -98.99), st.floats(39.99, 40.01)), min_size=2, max_size=6, unique=True),
    st.booleans(),
)
def test_a_location_is_beside_its_line(share: float, line: list[tuple[float, float]], left: bool) -> None:
    flat = [value for point in line for value in point]
    lon, lat, metres = point_along(flat, share, left)
    wide = METERS_PER_DEGREE * np.cos(np.radians(line[0][1]))
    scaled = shapely.LineString([(x * wide, y * METERS_PER_DEGREE) for x, y in line])
    assert metres == pytest.approx(scaled.length, rel=1e-6)
    assert scaled.distance(shapely.Point(lon * wide, lat * METERS_PER_DEGREE)) <= 7.001
