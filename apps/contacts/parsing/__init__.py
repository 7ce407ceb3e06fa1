"""Ways in: contact files of every kind, a pasted list, one person typed. Pure functions, nothing is stored."""

from .detect import read_file, read_text
from .types import BadRow, ParsedSource, PostalPlace, RawContact, TableColumn

__all__ = ["BadRow", "ParsedSource", "PostalPlace", "RawContact", "TableColumn", "read_file", "read_text"]
