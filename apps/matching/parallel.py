"""Bulk answers from several processes, in the order of the rows, with the bytes of one.

Each process maps the same index files; only typed rows and finished lines travel between them. Knows no Django: a
spawned process has none.
"""

import gc
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from pathlib import Path

from apps.matching.csvjob import Counts, Row, answer_chunk
from apps.matching.engine import Matcher
from apps.matching.index import open_index
from apps.matching.model import Model
from apps.matching.person import Person

_Chunk = list[tuple[str, tuple[str, ...]]]
Answered = tuple[str, dict[str, int]]  # the lines of a chunk and its counts
_matchers: list[Matcher] = []


def answered(
    folders: Sequence[Path], model: Model, kind: str, chunks: Iterable[Sequence[Row]], processes: int
) -> Iterator[Answered]:
    """The lines and counts of each chunk, in their order, by `processes` workers over the indexes in `folders`.

    No more than two chunks a worker are read ahead. Raises BrokenExecutor where a worker dies.
    """
    if processes < 2:
        matcher = Matcher([open_index(f) for f in folders], model)
        yield from (answer_with(matcher, kind, chunk) for chunk in chunks)
        return
    # Spawned, not forked: the caller may hold database connections and threads.
    spawn = get_context("spawn")
    with ProcessPoolExecutor(processes, spawn, initializer=_open, initargs=(list(folders), model)) as pool:
        waiting: deque[Future[Answered]] = deque()
        for chunk in chunks:
            # Plain tuples travel faster than named ones.
            plain = [(row.query_id, tuple(row.person)) for row in chunk]
            waiting.append(pool.submit(_answer, kind, plain))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def answer_with(matcher: Matcher, kind: str, rows: Sequence[Row]) -> Answered:
    """The lines and counts of one chunk, in this process."""
    counts = Counts()
    return answer_chunk(matcher, kind, rows, counts), dict(counts)


def _open(folders: list[Path], model: Model) -> None:
    gc.disable()  # nothing here makes cycles, and looking for them takes a tenth of the time
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _matchers[:] = [Matcher([open_index(f) for f in folders], model)]


def _end_with_parent() -> None:
    """A pool's workers hear nothing of a parent that was killed, and would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(kind: str, chunk: _Chunk) -> Answered:
    return answer_with(_matchers[0], kind, [Row(query_id, Person._make(fields)) for query_id, fields in chunk])
