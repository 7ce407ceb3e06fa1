"""Counts of people are told from ten up: fewer could be told apart. Staff, public and drift counts all ask here."""

from typing import Final

FLOOR: Final = 10


def floored(count: int) -> int | None:
    """Return a count of people, or None where it is too small to be shown."""
    return count if count >= FLOOR else None
