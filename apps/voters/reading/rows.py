"""Parse lines into rows. An unreadable row becomes a BadRow with its line number and the reason."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, NamedTuple

from apps.core.errors import Refused

from .opening import FilePart
from .text import Cleaned, decode_lines

MAX_CELL_LENGTH: Final = 65_536
MAX_COLUMNS: Final = 1_000
MAX_LINES_PER_ROW: Final = 5
DELIMITERS = ",\t|;"
# Appended as a last line: csv returns it as a row of its own only if no quote before it is still open.
SENTINEL: Final = "\x03"
csv.field_size_limit(MAX_CELL_LENGTH)


class Dialect(NamedTuple):
    """How a line is separated into cells."""

    delimiter: str
    quotes: bool = True

    def reader(self, lines: Sequence[str]) -> Any:
        """Return a csv reader of some lines; the standard library's type for it is private."""
        return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_MINIMAL if self.quotes else csv.QUOTE_NONE)


@dataclass(frozen=True)
class BadRow:
    """A row that could not be read. `structural`: rows after it may be misread, too."""

    line: int
    reason: str
    column: str = ""
    text: str = ""
    structural: bool = False


@dataclass(frozen=True)
class Table:
    """One text as a table: its header, and its rows in batches."""

    name: str
    header: list[str]
    delimiter: str
    rows: Iterator["Batch"]
    cleaned: Cleaned


@dataclass(frozen=True)
class Batch:
    """Consecutive rows with their line numbers, and the bad rows among them."""

    lines: Sequence[int]
    rows: list[list[str]]
    bad: list[BadRow]


class Form:
    """The form of one table's rows: its dialect, and how many columns a row has."""

    def __init__(self, dialect: Dialect, columns: Sequence[str]) -> None:
        self.dialect = dialect
        self.named = list(columns)
        while self.named and not self.named[-1].strip():
            self.named.pop()  # the delimiter at the end of a header names no column
        self.width, self._most = len(self.named), len(columns)

    def trimmed(self, row: list[str]) -> list[str] | None:
        """Return a row without empty cells behind its last column; None if it has too few or too many cells."""
        if len(row) == self.width:
            return row
        if len(row) < self.width or any(map(str.strip, row[self._most :])):
            return None
        return row[: self.width]


def open_delimited(
    part: FilePart, *, fallback: str, delimiter: str | None, names: Sequence[Sequence[str]] = (), header: bool = True,
    quotes: bool = True,
) -> Table:  # fmt: skip
    """Open a part as a delimited table; raise Refused that names file, line, column and remedy of a bad header.

    Without a header, the columns are those of `names` that are as many as the first line has, or else the first ones.
    """
    cleaned = Cleaned()
    stream = decode_lines(part.name, part.chunks, fallback, cleaned)
    first = _first_lines(part.name, stream)
    dialect = Dialect(delimiter if delimiter and delimiter in first[0] else sniff_delimiter(first), quotes)
    if header:
        columns = _header(part.name, first[0], dialect)
        body, first_line = chain([first[1:]], stream), 2
    else:
        count = len(_cells(first[0], dialect))
        fitting = next((form for form in names if len(form) == count), next(iter(names), ()))
        columns = list(fitting) or [f"column_{n}" for n in range(1, count + 1)]
        body, first_line = chain([first], stream), 1
    form = Form(dialect, columns)
    return Table(part.name, columns, dialect.delimiter, _batches(body, first_line, form), cleaned)


def open_fixed_width(part: FilePart, *, fallback: str, widths: dict[str, tuple[int, int]]) -> Table:
    """Open a part with fixed-width columns as a table."""
    cleaned = Cleaned(replacement=" ")  # the columns after a NUL stay in their places
    stream = decode_lines(part.name, part.chunks, fallback, cleaned)
    slices = [slice(start - 1, start - 1 + length) for start, length in widths.values()]
    shortest = min(start for start, _ in widths.values())
    return Table(part.name, list(widths), "", _fixed_batches(stream, slices, shortest), cleaned)


def _fixed_batches(stream: Iterator[list[str]], slices: list[slice], shortest: int) -> Iterator[Batch]:
    first_line = 1
    for chunk in stream:
        rows, row_lines, bad = [], [], []
        for line, text in enumerate(chunk, start=first_line):
            if len(text) >= shortest:
                rows.append([text[part] for part in slices])
                row_lines.append(line)
            elif text.strip():
                bad.append(BadRow(line, "the line is shorter than its first column", text=text))
        yield Batch(row_lines, rows, bad)
        first_line += len(chunk)


def _first_lines(name: str, stream: Iterator[list[str]]) -> list[str]:
    first = next(stream, [])
    while first and not first[0].strip():
        first = first[1:]
    if not first:
        raise Refused(f"{name} begins with empty lines. Remove them.")
    return first


def sniff_delimiter(first: Sequence[str]) -> str:
    """Return the delimiter that splits the first lines into most cells, preferably into equally many."""
    head = [line for line in first[:20] if line.strip()]

    def score(delimiter: str) -> tuple[bool, int]:
        counts = [len(_cells(line, Dialect(delimiter))) for line in head]
        return counts[0] > 1 and len(set(counts)) == 1, counts[0]

    return max(DELIMITERS, key=score)


def _cells(line: str, dialect: Dialect) -> list[str]:
    try:
        return next(dialect.reader([line]), [])
    except csv.Error:
        return line.split(dialect.delimiter)


def _header(name: str, line: str, dialect: Dialect) -> list[str]:
    if len(line) > MAX_CELL_LENGTH:
        raise Refused(f"{name} line 1: the header is {len(line)} characters long. Does the file have one row per line?")
    columns = [cell.strip().strip("\ufeff").strip() for cell in _cells(line, dialect)]
    if len(columns) > MAX_COLUMNS:
        raise Refused(f"{name} line 1: {len(columns)} columns are more than {MAX_COLUMNS}. Is this a voter file?")
    if not _quotes_are_closed(line, dialect):
        raise Refused(f"{name} line 1: a quote is opened in the header and never closed. Close it or remove it.")
    return columns


def _quotes_are_closed(line: str, dialect: Dialect) -> bool:
    """Return whether every quote opened in a line is closed in it."""
    return _parsed([line], dialect) is not None


def _batches(stream: Iterator[list[str]], first_line: int, form: Form) -> Iterator[Batch]:
    """Parse whole chunks at csv's speed; parse a chunk with an irregular row line by line."""
    chunk = next(stream, None)
    while chunk is not None:
        following = next(stream, None)
        batch, extra_lines = _read_at_once(chunk, first_line, form), 0
        if batch is None:
            lookahead = (following or [])[:MAX_LINES_PER_ROW]
            batch, extra_lines = _read_by_row(chunk, lookahead, first_line, form)
        yield batch
        first_line += len(chunk) + extra_lines
        chunk = following[extra_lines:] if following is not None else None


def _read_at_once(chunk: list[str], first_line: int, form: Form) -> Batch | None:
    """Return the chunk's rows if every line is one row of the right width, else None."""
    try:
        rows = list(form.dialect.reader([*chunk, SENTINEL]))
    except csv.Error:
        return None
    if len(rows) != len(chunk) + 1 or rows.pop() != [SENTINEL]:
        return None
    if set(map(len, rows)) != {form.width}:
        trimmed = [form.trimmed(row) for row in rows]
        rows = [row for row in trimmed if row is not None]
        if len(rows) != len(trimmed):
            return None
    return Batch(range(first_line, first_line + len(rows)), rows, [])


def _read_by_row(chunk: list[str], following: list[str], first_line: int, form: Form) -> tuple[Batch, int]:
    """Parse a chunk row by row; also return how many lines of the following chunk its last row took."""
    rows: list[list[str]] = []
    row_lines: list[int] = []
    bad: list[BadRow] = []
    position, lines = 0, chunk + following
    while position < len(chunk):
        line_count, row = _read_row(lines, position, first_line + position, form)
        if isinstance(row, BadRow):
            bad.append(row)
        elif row:
            rows.append(row)
            row_lines.append(first_line + position)
        position += line_count
    return Batch(row_lines, rows, bad), position - len(chunk)


def _read_row(chunk: list[str], position: int, line: int, form: Form) -> tuple[int, list[str] | BadRow]:
    """Parse the row at a position; return how many lines it took, and the row or a BadRow.

    An empty line is an empty row.
    """
    text = chunk[position]
    if not text.strip(" \t\x1a"):
        return 1, []
    for line_count in range(1, MAX_LINES_PER_ROW + 1):
        row = _parsed(chunk[position : position + line_count], form.dialect)
        if row is not None:
            if (trimmed := form.trimmed(row)) is not None:
                return line_count, trimmed
            break
    return 1, _describe_fault(text, line, form.dialect, form.named)


def _parsed(joined: list[str], dialect: Dialect) -> list[str] | None:
    """Return the single row in these lines; None if a quote is still open after them, or a cell is too long."""
    try:
        rows = list(dialect.reader([*(part + "\n" for part in joined), SENTINEL]))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 2 and rows[1] == [SENTINEL] else None


def _describe_fault(text: str, line: int, dialect: Dialect, columns: list[str]) -> BadRow:
    """Return a BadRow that says what is wrong with a line, and in which column."""
    raw_cells = text.split(dialect.delimiter)
    names = [*columns, *(f"number {n + 1}" for n in range(len(columns), len(raw_cells)))]
    for name, cell in zip(names, raw_cells, strict=False):
        if len(cell) > MAX_CELL_LENGTH:
            reason = f"a cell is longer than {MAX_CELL_LENGTH:,} characters"
            return BadRow(line, reason, name, text[:200], structural=True)
    if not _quotes_are_closed(text, dialect):
        opening = (name for name, cell in zip(names, raw_cells, strict=False) if _opens_quote(cell))
        return BadRow(line, "a quote is opened and never closed", next(opening, names[0]), text, structural=True)
    count = len(_cells(text, dialect))
    return BadRow(line, f"{count} columns instead of {len(columns)}", text=text)


def _opens_quote(cell: str) -> bool:
    return cell.startswith('"') and cell.count('"') % 2 == 1
