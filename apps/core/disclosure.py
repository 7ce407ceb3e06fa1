"""Suppress counts of people below ten (small-cell suppression), so that no individual can be singled out."""

from typing import Final

FLOOR: Final = 10


def floored(count: int) -> int | None:
    """Return a count of people, or None if it is too small to be shown."""
    return count if count >= FLOOR else None
