"""Split streams of documents into batches."""

from collections.abc import Iterable, Iterator
from itertools import islice

from .base import Document


def in_batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    """Yield the documents in lists of at most `size`."""
    remaining = iter(documents)
    while batch := list(islice(remaining, size)):
        yield batch
