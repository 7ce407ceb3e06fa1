"""Detects the format of a contact source by its content and parses it."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import IO

from . import decoding
from .delimited import count_known_headers, read_table
from .pasted_list import read_pasted
from .record_reader import guess_delimiter, split_record
from .types import MAX_ROW_CHARACTERS, ParsedSource
from .vcard import read_cards

PEEK_CHARACTERS = 4096


def _peek(blocks: Iterator[str]) -> tuple[str, Iterator[str]]:
    """Return the beginning of a text, and an iterator over all of it."""
    first = next(blocks, "")
    while len(first) < PEEK_CHARACTERS and (more := next(blocks, "")):
        first += more
    return first, chain([first], blocks)


def _is_vcard(head: str) -> bool:
    return "BEGIN:VCARD" in head.upper()


def read_file(stream: IO[bytes], mapping: Mapping[int, str] | None = None) -> ParsedSource:
    """Parse a contact file of any format; raise Refused if it is not one or exceeds a limit.

    `mapping` (column number to field) supplements the headers of a table.
    """
    head, blocks = _peek(decoding.decode_stream(stream))
    lines = decoding.split_lines(blocks, MAX_ROW_CHARACTERS)
    return read_cards(lines) if _is_vcard(head) else read_table(lines, mapping)


def read_text(text: str) -> ParsedSource:
    """Parse pasted text: vCards, a table with known headers, or one person per line."""
    head = text[:PEEK_CHARACTERS]
    lines = decoding.split_lines(iter([text]), MAX_ROW_CHARACTERS)
    if _is_vcard(head):
        return read_cards(lines)
    first = next((line for line in head.splitlines() if line.strip()), "")
    if count_known_headers(split_record(first, guess_delimiter(first)) or []) >= 2:
        return read_table(lines)
    return read_pasted(lines)
