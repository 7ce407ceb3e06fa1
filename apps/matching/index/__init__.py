"""The embedded voter index: build it from a stream of voters, and read it from memory-mapped files."""

from apps.matching.index.builder import IndexBuilder
from apps.matching.index.partial_index import as_terms, packed, part_of
from apps.matching.index.reader import VoterIndex, open_index

__all__ = ["IndexBuilder", "VoterIndex", "as_terms", "open_index", "packed", "part_of"]
