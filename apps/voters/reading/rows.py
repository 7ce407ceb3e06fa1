"""Lines to rows. A row that cannot be read is a Bad with its line; damage to the file itself is `structural`."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, NamedTuple

from apps.core.errors import Refused

from .opening import FilePart
from .text import decode_lines

MAX_CELL_LENGTH: Final = 65_536
MAX_COLUMNS: Final = 1_000
MAX_LINES_PER_ROW: Final = 5
DELIMITERS = ",\t|;"
# A last line given to csv on top: it comes back by itself only if no quote was left open before it.
SENTINEL: Final = "\x03"
csv.field_size_limit(MAX_CELL_LENGTH)


class Dialect(NamedTuple):
    """How the cells of a line are told apart."""

    delimiter: str
    quotes: bool = True

    def reader(self, given: Sequence[str]) -> Any:
        """Return csv's reader of some lines."""
        return csv.reader(given, delimiter=self.delimiter, quoting=csv.QUOTE_MINIMAL if self.quotes else csv.QUOTE_NONE)


@dataclass(frozen=True)
class BadRow:
    """A row that could not be read. `structural`: the file may have meant something else from here on."""

    line: int
    reason: str
    column: str = ""
    text: str = ""
    structural: bool = False


@dataclass(frozen=True)
class Table:
    """One text as a table: its header, and its rows in batches of (line number of the first, rows, bad rows)."""

    name: str
    header: list[str]
    delimiter: str
    rows: Iterator["Batch"]


@dataclass(frozen=True)
class Batch:
    """Rows that follow each other; `first_line` plus the place in `rows` is a row's line unless `lines` says."""

    decode_lines: Sequence[int]
    rows: list[list[str]]
    bad: list[BadRow]


def open_delimited(
    part: FilePart, *, fallback: str, delimiter: str | None, names: Sequence[str] = (), header: bool = True,
    quotes: bool = True,
) -> Table:  # fmt: skip
    """Open one text as a table; raises Refused naming file, line, column and cure of a bad header."""
    stream = decode_lines(part.name, part.chunks, fallback)
    first = _first_lines(part.name, stream)
    form = Dialect(delimiter if delimiter and delimiter in first[0] else sniff_delimiter(first), quotes)
    if header:
        columns = _header(part.name, first[0], form)
        body, at = chain([first[1:]], stream), 2
    else:
        columns = list(names) or [f"column_{n}" for n in range(1, len(_cells(first[0], form)) + 1)]
        body, at = chain([first], stream), 1
    return Table(part.name, columns, form.delimiter, _batches(body, at, form, columns))


def open_fixed_width(part: FilePart, *, fallback: str, widths: dict[str, tuple[int, int]]) -> Table:
    """Open a text of fixed columns as a table."""
    stream = decode_lines(part.name, part.chunks, fallback)
    slices = [slice(start - 1, start - 1 + length) for start, length in widths.values()]
    shortest = min(start for start, _ in widths.values())
    return Table(part.name, list(widths), "", _fixed_batches(stream, slices, shortest))


def _fixed_batches(stream: Iterator[list[str]], slices: list[slice], shortest: int) -> Iterator[Batch]:
    at = 1
    for chunk in stream:
        rows, places, bad = [], [], []
        for line, text in enumerate(chunk, start=at):
            if len(text) >= shortest and "\0" not in text:
                rows.append([text[part] for part in slices])
                places.append(line)
            elif text.strip():
                bad.append(BadRow(line, "the line is shorter than its first column, or holds a NUL", text=text))
        yield Batch(places, rows, bad)
        at += len(chunk)


def _first_lines(name: str, stream: Iterator[list[str]]) -> list[str]:
    first = next(stream)
    while first and not first[0].strip():
        first = first[1:]
    if not first:
        raise Refused(f"{name} begins with empty lines. Take them out.")
    return first


def sniff_delimiter(first: Sequence[str]) -> str:
    """Return the sign that most often separates the first lines, in equal number where it can."""
    head = [line for line in first[:20] if line.strip()]

    def worth(sign: str) -> tuple[bool, int]:
        counts = [len(_cells(line, Dialect(sign))) for line in head]
        return counts[0] > 1 and len(set(counts)) == 1, counts[0]

    return max(DELIMITERS, key=worth)


def _cells(line: str, form: Dialect) -> list[str]:
    try:
        return next(form.reader([line]), [])
    except csv.Error:
        return line.split(form.delimiter)


def _header(name: str, line: str, form: Dialect) -> list[str]:
    if len(line) > MAX_CELL_LENGTH:
        raise Refused(f"{name} line 1: the header is {len(line)} characters long. Is that one row per line?")
    columns = [cell.strip().strip("\ufeff").strip() for cell in _cells(line, form)]
    if len(columns) > MAX_COLUMNS:
        raise Refused(f"{name} line 1: {len(columns)} columns are more than {MAX_COLUMNS}. Is that a voter file?")
    if not _quotes_are_closed(line, form):
        raise Refused(f"{name} line 1: a quote is opened in the header and never closed. Close it or take it out.")
    seen: set[str] = set()
    for column in columns:
        if column and column.upper() in seen:
            raise Refused(f"{name} line 1: the column {column[:60]!r} is there twice. Rename or drop one.")
        seen.add(column.upper())
    return columns


def _quotes_are_closed(line: str, form: Dialect) -> bool:
    """Return whether every quote that a line opens is closed in it."""
    return _parsed([line], form) is not None


def _batches(stream: Iterator[list[str]], at: int, form: Dialect, columns: list[str]) -> Iterator[Batch]:
    """Read chunk by chunk at csv's speed; where a chunk holds something odd, go through it line by line."""
    chunk = next(stream, None)
    while chunk is not None:
        following = next(stream, None)
        batch, beyond = _read_at_once(chunk, at, form, len(columns)), 0
        if batch is None:
            batch, beyond = _read_by_row(chunk, (following or [])[:MAX_LINES_PER_ROW], at, form, columns)
        yield batch
        at += len(chunk) + beyond
        chunk = following[beyond:] if following is not None else None


def _read_at_once(chunk: list[str], at: int, form: Dialect, width: int) -> Batch | None:
    """Return the chunk's rows if each line is one row of the right width, else None."""
    try:
        rows = list(form.reader([*chunk, SENTINEL]))
    except csv.Error:
        return None
    if len(rows) != len(chunk) + 1 or rows.pop() != [SENTINEL] or any(len(row) != width for row in rows):
        return None
    if any("\0" in line for line in chunk):
        return None
    return Batch(range(at, at + len(rows)), rows, [])


def _read_by_row(
    chunk: list[str], following: list[str], at: int, form: Dialect, columns: list[str]
) -> tuple[Batch, int]:
    """Read a chunk row by row; returns also how many lines of what follows the last row took."""
    rows: list[list[str]] = []
    places: list[int] = []
    bad: list[BadRow] = []
    number, every = 0, chunk + following
    while number < len(chunk):
        taken, found = _read_row(every, number, at + number, form, columns)
        if isinstance(found, BadRow):
            bad.append(found)
        elif found:
            rows.append(found)
            places.append(at + number)
        number += taken
    return Batch(places, rows, bad), number - len(chunk)


def _read_row(
    chunk: list[str], number: int, line: int, form: Dialect, columns: list[str]
) -> tuple[int, list[str] | BadRow]:
    """Read one row at a place of the chunk; returns how many lines it took, and the row or what is wrong.

    An empty line is an empty row.
    """
    text = chunk[number]
    if not text.strip(" \t\x1a"):
        return 1, []
    if "\0" in text:
        return 1, BadRow(line, "the line holds a NUL sign", text=text[:MAX_CELL_LENGTH])
    for taken in range(1, MAX_LINES_PER_ROW + 1):
        row = _parsed(chunk[number : number + taken], form)
        if row is not None:
            if len(row) == len(columns):
                return taken, row
            break
    return 1, _describe_fault(text, line, form, columns)


def _parsed(joined: list[str], form: Dialect) -> list[str] | None:
    """Return the one row of these lines; None where a quote stays open behind them, or a cell is too long."""
    try:
        rows = list(form.reader([*(part + "\n" for part in joined), SENTINEL]))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 2 and rows[1] == [SENTINEL] else None


def _describe_fault(text: str, line: int, form: Dialect, columns: list[str]) -> BadRow:
    """Say what is wrong with a line, and in which column it begins."""
    plain = text.split(form.delimiter)
    names = [*columns, *(f"number {n + 1}" for n in range(len(columns), len(plain)))]
    for name, cell in zip(names, plain, strict=False):
        if len(cell) > MAX_CELL_LENGTH:
            reason = f"a cell is longer than {MAX_CELL_LENGTH:,} characters"
            return BadRow(line, reason, name, text[:200], structural=True)
    if not _quotes_are_closed(text, form):
        opening = (name for name, cell in zip(names, plain, strict=False) if _opens_quote(cell))
        return BadRow(line, "a quote is opened and never closed", next(opening, names[0]), text, structural=True)
    count = len(_cells(text, form))
    return BadRow(line, f"{count} columns instead of {len(columns)}", text=text)


def _opens_quote(cell: str) -> bool:
    return cell.startswith('"') and cell.count('"') % 2 == 1
