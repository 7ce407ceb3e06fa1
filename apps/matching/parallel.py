"""Match chunks in several processes; output order and bytes equal those of one process.

Each process maps the same index files; only queries and finished lines cross the pipes, one pipe a process. A pipe
reports at once that the other side died, which the executors of Python 3.11 do not. Imports no Django, because a
spawned process has none.
"""

import gc
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from apps.matching.csv_job import Counts, QueryRow, match_chunk
from apps.matching.engine import Matcher
from apps.matching.errors import WorkerLost
from apps.matching.index import open_index
from apps.matching.model import Model
from apps.matching.person import TypedPerson

_Chunk = list[tuple[str, tuple[str, ...]]]
ChunkResult = tuple[str, dict[str, int]]  # the output lines of a chunk and its counts


def match_chunks(
    folders: Sequence[Path], model: Model, kind: str, chunks: Iterable[Sequence[QueryRow]], processes: int
) -> Iterator[ChunkResult]:
    """Yield the lines and counts of each chunk in order, from `processes` workers over the indexes in `folders`.

    Reads one chunk more than there are workers ahead. Raises WorkerLost if a worker dies.
    """
    if processes < 2:
        matcher = Matcher([open_index(f) for f in folders], model)
        yield from (match_chunk_with(matcher, kind, chunk) for chunk in chunks)
        return
    workers = [_Worker(list(folders), model, kind) for _ in range(processes)]
    busy: deque[_Worker] = deque()  # oldest first: its result is due next
    try:
        for chunk in chunks:
            # Plain tuples pickle faster than named ones.
            plain = [(row.query_id, tuple(row.person)) for row in chunk]
            worker = workers[len(busy)] if len(busy) < processes else busy.popleft()
            found = worker.receive() if worker.pending else None
            worker.send(plain)
            busy.append(worker)
            if found is not None:
                yield found
        while busy:
            yield busy.popleft().receive()
    finally:
        for worker in workers:
            worker.stop()


def match_chunk_with(matcher: Matcher, kind: str, rows: Sequence[QueryRow]) -> ChunkResult:
    """Match one chunk in this process and return its lines and counts."""
    counts = Counts()
    return match_chunk(matcher, kind, rows, counts), dict(counts)


class _Worker:
    """A process that matches one chunk at a time: with two in flight, full pipes could deadlock."""

    def __init__(self, folders: list[Path], model: Model, kind: str) -> None:
        # Spawned, not forked: the caller may have open database connections and threads.
        spawn = get_context("spawn")
        self._pipe, worker_pipe = spawn.Pipe()
        self._process = spawn.Process(target=_run_worker, args=(worker_pipe, folders, model, kind), daemon=True)
        self._process.start()
        worker_pipe.close()
        self.pending = False

    def send(self, chunk: _Chunk) -> None:
        try:
            self._pipe.send(chunk)
        except OSError as error:
            raise WorkerLost from error
        self.pending = True

    def receive(self) -> ChunkResult:
        self.pending = False
        try:
            found: ChunkResult = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerLost from error
        return found

    def stop(self) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()


def _run_worker(pipe: "Connection[ChunkResult, _Chunk]", folders: list[Path], model: Model, kind: str) -> None:
    """Match chunks until the other end of the pipe closes or dies."""
    gc.disable()  # matching creates no reference cycles, and looking for them takes a tenth of the time
    matcher = Matcher([open_index(f) for f in folders], model)
    try:
        while True:
            pipe.send(
                match_chunk_with(matcher, kind, [QueryRow(i, TypedPerson._make(fields)) for i, fields in pipe.recv()])
            )
    except (EOFError, OSError):
        return
