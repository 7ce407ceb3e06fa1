"""The embedded voter index: building it from a stream of voters, and reading it through mapped files."""

from apps.matching.index.builder import IndexBuilder
from apps.matching.index.partial_index import as_terms, packed, part_of
from apps.matching.index.reader import VoterIndex, open_index

__all__ = ["IndexBuilder", "VoterIndex", "as_terms", "open_index", "packed", "part_of"]
