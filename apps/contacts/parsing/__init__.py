"""Parses contact sources: files of every kind, pasted lists, address book entries. Pure functions; stores nothing."""

from .detect import read_file, read_text
from .types import BadRow, ParsedSource, PostalPlace, RawContact, TableChoices, TableColumn

__all__ = [
    "BadRow",
    "ParsedSource",
    "PostalPlace",
    "RawContact",
    "TableChoices",
    "TableColumn",
    "read_file",
    "read_text",
]
