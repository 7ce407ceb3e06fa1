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
    lengths = [
        hypot((line[i + 2] - line[i]) * wide, (line[i + 3] - line[i + 1]) * METRES_PER_DEGREE)
        for i in range(0, len(line) - 2, 2)
    ]
    total = sum(lengths)
    corner = min(OFF_CORNER_METRES, total / 4)
    rest = corner + min(max(share, 0.0), 1.0) * (total - 2 * corner)
    index, last = 0, len(lengths) - 1
    while index < last and rest > lengths[index]:
        rest -= lengths[index]
        index += 1
    x, y, x2, y2 = line[2 * index : 2 * index + 4]
    length = lengths[index] or 1.0
    along = rest / length
    aside = (ASIDE_METRES if left else -ASIDE_METRES) / length
    dx, dy = (x2 - x) * wide, (y2 - y) * METRES_PER_DEGREE
    return x + along * (x2 - x) - aside * dy / wide, y + along * (y2 - y) + aside * dx / METRES_PER_DEGREE, total


def packed(line: Sequence[float]) -> bytes:
    """A line as bytes for the store."""
    return array("d", line).tobytes()


def unpacked(data: bytes) -> "array[float]":
    """A line from the store."""
    line = array("d")
    line.frombytes(data)
    return line
