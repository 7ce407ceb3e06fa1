"""The form of example files with the people in them, of kinds that importers get wrong after public bug reports.

A person is written as `first|middle|last|suffix|emails|phones|street, city, state, ZIP code|birth year`; several values
are joined by a blank, empty parts at the end are left out.
"""

from typing import NamedTuple


class FileKind(NamedTuple):
    """Hold one file, the people in it, and the entries in it that are no people."""

    name: str
    data: bytes
    people: tuple[str, ...]
    skipped: tuple[str, ...] = ()
