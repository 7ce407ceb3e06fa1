"""Interpolate a house number's location: a position along its street's line, moved to its side."""

from array import array
from collections.abc import Sequence
from math import cos, hypot, radians

METERS_PER_DEGREE = 111_320.0
# Houses are beside the line and off the corners, by about half a street's width and at most a house's width.
SIDE_OFFSET_METERS = 7.0
CORNER_OFFSET_METERS = 10.0


def point_along(line: Sequence[float], share: float, left: bool) -> tuple[float, float, float]:
    """Return the point at a share (0 to 1) of a line x, y, x, y, ... in degrees, on its left or right side.

    The result is longitude, latitude, and the line's length in meters.
    """
    wide = METERS_PER_DEGREE * max(0.01, cos(radians(line[1])))
    lengths = [
        hypot((line[i + 2] - line[i]) * wide, (line[i + 3] - line[i + 1]) * METERS_PER_DEGREE)
        for i in range(0, len(line) - 2, 2)
    ]
    total = sum(lengths)
    corner = min(CORNER_OFFSET_METERS, total / 4)
    rest = corner + min(max(share, 0.0), 1.0) * (total - 2 * corner)
    index, last = 0, len(lengths) - 1
    while index < last and rest > lengths[index]:
        rest -= lengths[index]
        index += 1
    x, y, x2, y2 = line[2 * index : 2 * index + 4]
    length = lengths[index] or 1.0
    along = rest / length
    aside = (SIDE_OFFSET_METERS if left else -SIDE_OFFSET_METERS) / length
    dx, dy = (x2 - x) * wide, (y2 - y) * METERS_PER_DEGREE
    return x + along * (x2 - x) - aside * dy / wide, y + along * (y2 - y) + aside * dx / METERS_PER_DEGREE, total


def pack_line(line: Sequence[float]) -> bytes:
    """Return a line as bytes for the database."""
    return array("d", line).tobytes()


def unpack_line(data: bytes) -> "array[float]":
    """Return a line from its bytes."""
    line = array("d")
    line.frombytes(data)
    return line
