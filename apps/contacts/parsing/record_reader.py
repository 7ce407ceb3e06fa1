"""Reads the records of delimited text: delimiter, quoting, and isolation of bad rows from their neighbors.

Records are assembled here instead of by the csv module, because one unclosed quote would swallow the rest of the file
as one field. A record that never closes, or closes with another number of columns than the header, gives up its first
line alone, and parsing continues at the next one.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from .decoding import Line
from .types import MAX_ROW_CHARACTERS

DELIMITERS = (",", ";", "\t", "|")
MAX_RECORD_LINES = 1000
# Up to this many short lines after a record with a misplaced quote count as its rest.
MAX_TORN_LINES = 5


class TableRecord(NamedTuple):
    """Hold a row of a table, or the error of its line."""

    line: int
    cells: list[str]
    text: str
    error: str = ""
    cure: str = ""


def split_record(text: str, delimiter: str, columns: int = 0) -> list[str] | None:
    """Return the cells of one record, or None while a quote is open.

    Accepts a misplaced quote if the number of cells still fits.
    """
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        cells = text.split(delimiter)
    return cells if not columns or len(cells) == columns else None


class RecordReader:
    """Iterate over the records of a table, backtracking where a quote is never closed."""

    def __init__(self, lines: Iterator[Line], delimiter: str) -> None:
        self.lines = lines
        self.delimiter = delimiter
        self.pending: deque[Line] = deque()
        self.columns = 0
        self.torn_lines = 0

    def _next_line(self) -> Line | None:
        return self.pending.popleft() if self.pending else next(self.lines, None)

    def __iter__(self) -> Iterator[TableRecord]:
        while (line := self._next_line()) is not None:
            if not line.text.strip():
                continue
            record = self._record(line)
            if self.torn_lines and not record.error and len(record.cells) < self.columns:
                self.torn_lines -= 1  # rest of the record with the misplaced quote
                continue
            self.torn_lines = MAX_TORN_LINES if record.error else 0
            yield record

    def _record(self, line: Line) -> TableRecord:
        if not line.is_complete:
            return TableRecord(line.number, [], line.text, _("The row is longer than 64 kB."), _("Shorten its notes."))
        quoted = '"' in line.text
        cells = split_record(line.text, self.delimiter, self.columns) if quoted else line.text.split(self.delimiter)
        if cells is not None:
            return TableRecord(line.number, cells, line.text)
        return self._longer_record(line)

    def _longer_record(self, first: Line) -> TableRecord:
        """Append lines until the quote closes; otherwise return them and report the first line as bad."""
        lines, text = [first], first.text
        while len(text) < MAX_ROW_CHARACTERS and len(lines) < MAX_RECORD_LINES:
            line = self._next_line()
            if line is None:
                break
            lines.append(line)
            text = f"{text}\n{line.text}"
            if '"' not in line.text:
                continue
            cells = split_record(text, self.delimiter)
            if cells is not None and self._fits(cells):
                return TableRecord(first.number, cells, text)
            if cells is not None:
                break
        self.pending.extendleft(reversed(lines[1:]))
        return TableRecord(
            first.number,
            [],
            first.text,
            _("A quote opens and never closes."),
            _('Add a " where the text in quotes ends.'),
        )

    def _fits(self, cells: Sequence[str]) -> bool:
        return not self.columns or len(cells) == self.columns


def guess_delimiter(text: str) -> str:
    """Return the delimiter that yields the most cells of a header."""
    counts = {delimiter: len(split_record(text, delimiter) or []) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter])
