"""Streams of documents in portions."""

from collections.abc import Iterable, Iterator
from itertools import islice

from .base import Document


def portions(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    """Yield the documents in lists of at most `size`."""
    rest = iter(documents)
    while portion := list(islice(rest, size)):
        yield portion
