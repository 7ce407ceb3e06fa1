"""Detects the format of a contact source by its content and parses it."""

import re
from io import BytesIO
from itertools import chain
from typing import IO

from . import decoding
from .delimited import read_table
from .header_row import count_known_headers
from .pasted_list import read_pasted
from .record_reader import guess_delimiter, split_record
from .types import DEFAULT_CHOICES, MAX_ROW_CHARACTERS, ParsedSource, TableChoices
from .vcard import read_cards

PEEK_CHARACTERS = 4096
CARD_BEGIN = re.compile(r"^\W*BEGIN\s*:\s*VCARD", re.IGNORECASE | re.MULTILINE)


def read_file(stream: IO[bytes], choices: TableChoices = DEFAULT_CHOICES) -> ParsedSource:
    """Parse a contact file of any format; raise Refused if it is not one or exceeds a limit.

    `choices` of the owner supplement what a table shows.
    """
    source = decoding.open_source(stream)
    first = next(source.blocks, b"")
    source = source._replace(blocks=chain([first], source.blocks))
    if _is_vcard(first.decode(source.encoding, "ignore")):
        return read_cards(decoding.byte_lines(source, MAX_ROW_CHARACTERS), choices.date_order)
    return read_table(decoding.split_lines(decoding.decode_blocks(source), MAX_ROW_CHARACTERS), choices)


def _is_vcard(text: str) -> bool:
    return CARD_BEGIN.search(text[:PEEK_CHARACTERS]) is not None


def read_text(text: str) -> ParsedSource:
    """Parse pasted text: vCards, a table with known headers, or one person per line."""
    if _is_vcard(text):
        return read_file(BytesIO(text.encode("utf-8", "replace")))
    first = next((line for line in text[:PEEK_CHARACTERS].splitlines() if line.strip()), "")
    lines = decoding.split_lines(iter([text]), MAX_ROW_CHARACTERS)
    if count_known_headers(split_record(first, guess_delimiter(first)) or []) >= 2:
        return read_table(lines)
    return read_pasted(lines)
