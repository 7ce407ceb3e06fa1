"""Bulk answers from several processes, in the order of the rows, with the bytes of one.

Each process maps the same index files; only typed rows and finished lines travel between them, over one pipe each. A
pipe tells either side at once that the other one died, which the executors of Python 3.11 do not. Knows no Django: a
spawned process has none.
"""

import gc
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from apps.matching.csv_job import Counts, QueryRow, answer_chunk
from apps.matching.engine import Matcher
from apps.matching.errors import WorkerLost
from apps.matching.index import open_index
from apps.matching.model import Model
from apps.matching.person import TypedPerson

_Chunk = list[tuple[str, tuple[str, ...]]]
Answered = tuple[str, dict[str, int]]  # the lines of a chunk and its counts


def answered(
    folders: Sequence[Path], model: Model, kind: str, chunks: Iterable[Sequence[QueryRow]], processes: int
) -> Iterator[Answered]:
    """The lines and counts of each chunk, in their order, by `processes` workers over the indexes in `folders`.

    One chunk more than there are workers is read ahead. Raises WorkerLost where a worker dies.
    """
    if processes < 2:
        matcher = Matcher([open_index(f) for f in folders], model)
        yield from (answer_with(matcher, kind, chunk) for chunk in chunks)
        return
    workers = [_Worker(list(folders), model, kind) for _ in range(processes)]
    busy: deque[_Worker] = deque()  # by turns, so that what is oldest is due
    try:
        for chunk in chunks:
            # Plain tuples travel faster than named ones.
            plain = [(row.query_id, tuple(row.person)) for row in chunk]
            worker = workers[len(busy)] if len(busy) < processes else busy.popleft()
            found = worker.take() if worker.asked else None
            worker.give(plain)
            busy.append(worker)
            if found is not None:
                yield found
        while busy:
            yield busy.popleft().take()
    finally:
        for worker in workers:
            worker.end()


def answer_with(matcher: Matcher, kind: str, rows: Sequence[QueryRow]) -> Answered:
    """The lines and counts of one chunk, in this process."""
    counts = Counts()
    return answer_chunk(matcher, kind, rows, counts), dict(counts)


class _Worker:
    """A process that answers one chunk at a time: two at once could wait for each other with full pipes."""

    def __init__(self, folders: list[Path], model: Model, kind: str) -> None:
        # Spawned, not forked: the caller may hold database connections and threads.
        spawn = get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, folders, model, kind), daemon=True)
        self._process.start()
        theirs.close()
        self.asked = False

    def give(self, chunk: _Chunk) -> None:
        try:
            self._pipe.send(chunk)
        except OSError as error:
            raise WorkerLost from error
        self.asked = True

    def take(self) -> Answered:
        self.asked = False
        try:
            found: Answered = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerLost from error
        return found

    def end(self) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()


def _serve(pipe: "Connection[Answered, _Chunk]", folders: list[Path], model: Model, kind: str) -> None:
    """Answer until the other end closes, or dies."""
    gc.disable()  # nothing here makes cycles, and looking for them takes a tenth of the time
    matcher = Matcher([open_index(f) for f in folders], model)
    try:
        while True:
            pipe.send(answer_with(matcher, kind, [QueryRow(i, TypedPerson._make(fields)) for i, fields in pipe.recv()]))
    except (EOFError, OSError):
        return
