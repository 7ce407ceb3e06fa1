"""Match CSV to CSV for the command `verify_people`, as streams of rows.

The same input gives the same bytes, in whatever process and order the chunks are matched.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple, TextIO

import numpy as np

from apps.matching.decide import STATUS
from apps.matching.engine import NAMED, Matcher
from apps.matching.errors import InputError
from apps.matching.person import TypedPerson

OUT = ("query_id", "voter_id", "score", "status", "candidates")
NAMES = {"last_name", "full_name"}  # without a name no voter can match
LONGEST_CELL = 10_000  # characters; a longer cell is an unclosed quote or an attack


class QueryRow(NamedTuple):
    """One query with the id that the caller gave it."""

    query_id: str
    person: TypedPerson


def read_people(file: TextIO) -> Iterator[QueryRow]:
    """Stream the rows of a CSV with a query_id and any columns of TypedPerson.

    Raises InputError naming line and column for a missing or repeated header, a missing id or a broken row.
    """
    reader = csv.reader(file, strict=True)
    header = [h.strip().lower() for h in _next(reader, 1) or []]
    at = _columns(header)
    fields = [at.get(name, -1) for name in TypedPerson._fields]
    line = 1
    while (cells := _next(reader, line + 1)) is not None:
        line = reader.line_num
        if not cells:
            continue
        if len(cells) != len(header):
            raise InputError(f"line {line}: {len(cells)} cells under {len(header)} columns")
        if not (query_id := cells[at["query_id"]].strip()):
            raise InputError(f"line {line}: query_id is empty")
        if max(map(len, cells)) > LONGEST_CELL:
            raise InputError(f"line {line}: a cell is longer than {LONGEST_CELL} characters")
        yield QueryRow(query_id, TypedPerson._make([cells[f] if f >= 0 else "" for f in fields]))


def _next(reader: Iterator[list[str]], line: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise InputError(f"line {line}: {error}") from None


def _columns(header: Sequence[str]) -> dict[str, int]:
    if header and header[0].startswith("\ufeff"):
        header = [header[0].removeprefix("\ufeff"), *header[1:]]
    if "query_id" not in header:
        raise InputError("the first line names no column query_id")
    known = {"query_id", *TypedPerson._fields}
    repeated = sorted({name for name in known if header.count(name) > 1})
    if repeated:
        raise InputError(f"column {repeated[0]} appears twice in the first line")
    if not NAMES & set(header):
        raise InputError("the first line names no column of a name: last_name, or full_name")
    return {name: at for at, name in enumerate(header) if name in known}


def check_ids(rows: Iterable[QueryRow]) -> int:
    """Read all rows once and return their number. Raises InputError for a query_id that occurs twice.

    Keeps a hash of 16 bytes per row, so that ten million rows take 160 MB.
    """
    digests = bytearray()
    for row in rows:
        digests += blake2b(row.query_id.encode(), digest_size=16).digest()
    halves = np.frombuffer(digests, np.uint64).reshape(-1, 2)
    order = np.lexsort(halves.T)
    ordered = halves[order]
    repeated = np.flatnonzero((ordered[1:] == ordered[:-1]).all(axis=1))
    if len(repeated):
        raise InputError(f"row {order[repeated + 1].min() + 1}: its query_id was used before; no output was written")
    return len(halves)


class Counts(dict[str, int]):
    """The number of rows read and the number that got each status."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(("read", *reversed(STATUS)), 0))


def chunks(rows: Iterable[QueryRow], size: int) -> Iterator[list[QueryRow]]:
    """Yield the rows in lists of `size`."""
    stream = iter(rows)
    while chunk := list(islice(stream, size)):
        yield chunk


def match_chunk(matcher: Matcher, kind: str, rows: Sequence[QueryRow], counts: Counts) -> str:
    """Return the output lines of a chunk, without the header."""
    pairs, decisions = matcher.decide([r.person for r in rows], kind)
    pairs_shown = decisions.pair
    voter_ids = [
        matcher.indexes[source].voter_id(row)
        for source, row in zip(pairs.source[pairs_shown].tolist(), pairs.row[pairs_shown].tolist(), strict=True)
    ]
    scores = decisions.score.tolist()
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    for row, code, first, count in zip(
        rows, decisions.status.tolist(), decisions.first.tolist(), decisions.count.tolist(), strict=True
    ):
        status = STATUS[code]
        counts["read"] += 1
        counts[status] += 1
        named = count > 0 and round(scores[first], 6) >= NAMED
        best = (voter_ids[first], f"{scores[first]:.6f}") if named else ("", "")
        write((row.query_id, *best, status, "|".join(voter_ids[first : first + count])))
    return text.getvalue()
