"""A house number's place along its street: the line's share, moved to its side."""

from array import array
from collections.abc import Sequence
from math import cos, hypot, radians

METRES_PER_DEGREE = 111_320.0
# Houses stand beside the line and off the corners: about half a street's width, and a house's width at most.
ASIDE_METRES = 7.0
OFF_CORNER_METRES = 10.0


def place_along(line: Sequence[float], share: float, left: bool) -> tuple[float, float, float]:
    """The point at a share (0 to 1) of a line x, y, x, y, ... in degrees, on its left or right side.

    Returns longitude, latitude and the length of the line in metres.
    """
    wide = METRES_PER_DEGREE * max(0.01, cos(radians(line[1])))
    steps = [
        ((line[i + 2] - line[i]) * wide, (line[i + 3] - line[i + 1]) * METRES_PER_DEGREE)
        for i in range(0, len(line) - 2, 2)
    ]
    lengths = [hypot(dx, dy) for dx, dy in steps]
    total = sum(lengths)
    corner = min(OFF_CORNER_METRES, total / 4)
    rest = corner + min(max(share, 0.0), 1.0) * (total - 2 * corner)
    index = 0
    while index < len(lengths) - 1 and rest > lengths[index]:
        rest -= lengths[index]
        index += 1
    dx, dy = steps[index]
    length = lengths[index] or 1.0
    side = ASIDE_METRES if left else -ASIDE_METRES
    x = line[2 * index] + (rest * dx - side * dy) / length / wide
    y = line[2 * index + 1] + (rest * dy + side * dx) / length / METRES_PER_DEGREE
    return x, y, total


def packed(line: Sequence[float]) -> bytes:
    """A line as bytes for the store."""
    return array("d", line).tobytes()


def unpacked(data: bytes) -> "array[float]":
    """A line from the store."""
    line = array("d")
    line.frombytes(data)
    return line
