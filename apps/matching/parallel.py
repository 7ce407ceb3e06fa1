"""Bulk answers from several processes, in the order of the rows, with the bytes of one.

Each process maps the same index files; only typed rows and finished lines travel between them.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult, Pool
from pathlib import Path
from typing import TextIO

from apps.matching.csvjob import OUT, Counts, Row, answer_all, answer_chunk, chunks
from apps.matching.engine import Matcher
from apps.matching.index import open_index
from apps.matching.model import Model
from apps.matching.person import Person

_Chunk = list[tuple[str, tuple[str, ...]]]
_matcher: Matcher | None = None
_kind = ""


def answer_in_processes(
    folders: Sequence[Path], model: Model, kind: str, rows: Iterable[Row], out: TextIO, processes: int
) -> Counts:
    """As `csvjob.answer_all`, by `processes` workers over the indexes in `folders`."""
    if processes < 2:
        return answer_all(Matcher([open_index(f) for f in folders], model), kind, rows, out)
    counts = Counts()
    csv.writer(out, lineterminator="\n").writerow(OUT)
    # Spawned, not forked: the caller may hold database connections and threads.
    with get_context("spawn").Pool(processes, _open, (list(folders), model, kind)) as pool:
        for text, part in _in_order(pool, _plain(rows), 2 * processes):
            out.write(text)
            for name, count in part.items():
                counts[name] += count
    return counts


def _in_order(pool: Pool, tasks: Iterable[_Chunk], ahead: int) -> Iterator[tuple[str, Counts]]:
    """Results in the order of the tasks, of which no more than `ahead` are read before their turn."""
    waiting: deque[AsyncResult[tuple[str, Counts]]] = deque()
    for task in tasks:
        waiting.append(pool.apply_async(_answer, (task,)))
        if len(waiting) > ahead:
            yield waiting.popleft().get()
    while waiting:
        yield waiting.popleft().get()


def _plain(rows: Iterable[Row]) -> Iterator[_Chunk]:
    """Chunks as plain tuples, which travel faster than named ones."""
    for chunk in chunks(rows):
        yield [(row.query_id, tuple(row.person)) for row in chunk]


def _open(folders: list[Path], model: Model, kind: str) -> None:
    global _matcher, _kind
    _matcher, _kind = Matcher([open_index(f) for f in folders], model), kind


def _answer(chunk: _Chunk) -> tuple[str, Counts]:
    if _matcher is None:
        raise RuntimeError("a worker answers only after it opened the indexes")
    counts = Counts()
    rows = [Row(query_id, Person._make(fields)) for query_id, fields in chunk]
    return answer_chunk(_matcher, _kind, rows, counts), counts
