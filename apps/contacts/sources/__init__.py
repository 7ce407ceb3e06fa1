"""Ways in: contact files of every kind, a pasted list, one person typed. Pure functions, nothing is stored."""

from .files import read_file, read_text
from .shapes import BadRow, Column, Parsed, Place, RawContact

__all__ = ["BadRow", "Column", "Parsed", "Place", "RawContact", "read_file", "read_text"]
