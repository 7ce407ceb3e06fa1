"""Ways in: contact files of every kind, a pasted list, one person typed. Pure functions, nothing is stored."""

from .detect import read_file, read_text
from .types import BadRow, Column, Parsed, PostalPlace, RawContact

__all__ = ["BadRow", "Column", "Parsed", "PostalPlace", "RawContact", "read_file", "read_text"]
