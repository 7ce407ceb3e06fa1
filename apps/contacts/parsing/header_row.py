"""Finds the header of a table: below a preamble of any length, or nowhere, if the first row is a person already."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.matching.normalize.characters import fold
from apps.matching.normalize.nicknames import related

from .decoding import Line
from .headers import header_meanings
from .record_reader import RecordReader, guess_delimiter, split_record

MAX_PREAMBLE_LINES: Final = 2_000
MAX_PREAMBLE_CHARACTERS: Final = 512 * 1024
# A quoted header may go on in the next lines.
MAX_HEADER_LINES: Final = 5
CERTAIN_HEADERS: Final = 3
_DELIMITER_HINT: Final = re.compile(r"sep=.", re.IGNORECASE)
_VALUE: Final = re.compile(r"[^@\s]+@[^@\s]+\.\w+|https?://.*|\+?[\d\s().-]{7,}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


class TableStart(NamedTuple):
    """Hold the records of a table and its header cells; `has_header` is False if the first record is a person."""

    records: RecordReader
    headers: list[str]
    has_header: bool


class _Candidate(NamedTuple):
    known: int
    position: int
    cells: list[str]


def count_known_headers(cells: Sequence[str]) -> int:
    """Return how many different fields the cells of a row name; none if one of them is a value, such as an email."""
    if any(_VALUE.fullmatch(cell.strip()) for cell in cells):
        return 0
    return len({(meaning.field, meaning.group) for meaning in header_meanings(cells) if meaning.field})


def start_table(lines: Iterator[Line], has_header: bool | None = None) -> TableStart:
    """Return where a table starts. `has_header` is what its owner says, None to detect it."""
    head = _read_head(lines, 1 if has_header is False else MAX_PREAMBLE_LINES)
    best = None if has_header is False else _best_header(head)
    has_header = has_header if has_header is not None else best is not None or not _is_person(head)
    start = head[best.position :] if best else head
    delimiter = guess_delimiter(start[0].text)
    records = RecordReader(lines, delimiter)
    records.pending = deque(start)
    first = next(iter(records))
    records.columns = len(first.cells)
    if has_header:
        return TableStart(records, first.cells, has_header=True)
    records.pending = deque([*start[: 1 + first.text.count("\n")], *records.pending])
    return TableStart(records, [_("Column %(number)d") % {"number": n + 1} for n in range(len(first.cells))], False)


def _read_head(lines: Iterator[Line], most: int) -> list[Line]:
    """Return the first lines that are not empty, up to a row that is certainly the header."""
    head: list[Line] = []
    size = 0
    for line in lines:
        if not line.text.strip() or (not head and _DELIMITER_HINT.fullmatch(line.text.strip())):
            continue
        head.append(line)
        size += len(line.text)
        cells = split_record(line.text, guess_delimiter(line.text)) or []
        if len(head) >= most or size > MAX_PREAMBLE_CHARACTERS or count_known_headers(cells) >= CERTAIN_HEADERS:
            break
    if not head:
        raise Refused(_("The file is empty."))
    if not head[0].is_complete:
        raise Refused(_("The first row is longer than 64 kB: this is no table of contacts."))
    return head


def _best_header(head: Sequence[Line]) -> _Candidate | None:
    """Return the row that names the most fields, the first of equals; None if no row names any."""
    best: _Candidate | None = None
    for position in range(len(head)):
        cells = _cells_at(head, position)
        known = count_known_headers(cells)
        if known and (best is None or known > best.known):
            best = _Candidate(known, position, cells)
    if best and best.known == 1 and best.position and not _is_single(best.cells, head):
        return None
    return best


def _cells_at(head: Sequence[Line], position: int) -> list[str]:
    text = head[position].text
    delimiter = guess_delimiter(text)
    for line in head[position + 1 : position + MAX_HEADER_LINES]:
        if split_record(text, delimiter) is not None:
            break
        text = f"{text}\n{line.text}"
    return split_record(text, delimiter) or []


def _is_single(cells: Sequence[str], head: Sequence[Line]) -> bool:
    """Return whether a row with one known header may be a header below a title: it is as wide as what follows."""
    last = head[-1].text
    return len(cells) == len(split_record(last, guess_delimiter(last)) or [])


def _is_person(head: Sequence[Line]) -> bool:
    """Return whether the first row has a value that no header has: an email address, a phone number, a given name."""
    cells = split_record(head[0].text, guess_delimiter(head[0].text)) or []
    if any(_VALUE.fullmatch(cell.strip()) for cell in cells):
        return True
    if any(related(word) for cell in cells for word in fold(cell).split()[:1]):
        return True
    others = [split_record(line.text, guess_delimiter(line.text)) or [] for line in head[1:20]]
    # Rows with values below a row without any: that one names the columns in words that are not known.
    return bool(others) and not any(_VALUE.fullmatch(cell.strip()) for row in others for cell in row)
