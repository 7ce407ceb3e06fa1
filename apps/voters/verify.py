"""Bulk verification, CSV to CSV: the work behind `verify_people`, on both cores for a long file."""

import csv
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TextIO

from apps.core.errors import Refused
from apps.matching import Answer, InputError
from apps.matching.csvjob import OUT, Counts, Row, check_ids, chunks, read_people

from . import bulk, files
from .loading.store import INDEX_FOLDER
from .models import Suppression
from .search.base import VoterIndex, voter_index
from .search.embedded import EmbeddedVoterIndex

CORES: Final = 2
LONG: Final = 20_000  # rows from which a second process is worth its start
AHEAD: Final = 4  # chunks handed out before the first comes back: memory stays bounded


def verify_file(source: Path, out: TextIO, kind: str) -> tuple[Counts, bool]:
    """Answer all rows of `source` into `out`, in their order; returns the counts, and whether nobody was hidden.

    Raises Refused naming line and column before any output where the file cannot be used.
    """
    try:
        rows = _count(source)
        with source.open(encoding="utf-8-sig", newline="") as file:
            return _answer(chunks(read_people(file)), out, kind, rows)
    except InputError as error:
        raise Refused(f"{source.name}: {error}.") from error
    except BrokenExecutor as error:
        raise Refused("A process that answers ended before its work. Look at memory, and start again.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{source.name} is not UTF-8. Save it as UTF-8, as spreadsheets offer.") from error


def _count(source: Path) -> int:
    with source.open(encoding="utf-8-sig", newline="") as file:
        return check_ids(read_people(file))


def _answer(work: Iterator[list[Row]], out: TextIO, kind: str, rows: int) -> tuple[Counts, bool]:
    counts = Counts()
    csv.writer(out, lineterminator="\n").writerow(OUT)
    index = voter_index()
    fast = isinstance(index, EmbeddedVoterIndex) and nobody_is_hidden()
    if fast and rows >= LONG:
        folders = [str(snapshot.path / INDEX_FOLDER) for snapshot in files.live().values()]
        answered = _on_all_cores(folders, kind, work)
    elif fast and isinstance(index, EmbeddedVoterIndex):
        answered = (bulk.answer_with(index.matcher(), kind, chunk) for chunk in work)
    else:
        answered = (checked_chunk(index, kind, chunk) for chunk in work)
    for text, found in answered:
        out.write(text)
        for name, count in found.items():
            counts[name] += count
    return counts, fast


def nobody_is_hidden() -> bool:
    """Return whether the engine's own answers may leave as they are: each of its voters has a row and no protection."""
    newest = Suppression.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return not any(
        snapshot.counts.get("hidden") or snapshot.counts.get("protected_to", 0) < newest
        for snapshot in files.live().values()
    )


def checked_chunk(index: VoterIndex, kind: str, chunk: Sequence[Row]) -> tuple[str, dict[str, int]]:
    """The same lines as the engine writes, from answers that were checked one by one."""
    counts, text = Counts(), io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    for row, answer in zip(chunk, index.match_many([row.person for row in chunk], kind), strict=True):
        counts["read"] += 1
        counts[answer.status] += 1
        write(_line(row.query_id, answer))
    return text.getvalue(), dict(counts)


def _line(query_id: str, answer: Answer) -> tuple[str, ...]:
    score = f"{answer.score:.6f}" if answer.voter_id else ""
    return query_id, answer.voter_id, score, answer.status, "|".join(c.voter_id for c in answer.candidates)


def _on_all_cores(folders: Sequence[str], kind: str, work: Iterator[list[Row]]) -> Iterator[tuple[str, dict[str, int]]]:
    with _pool(folders) as pool:
        waiting: list[Future[tuple[str, dict[str, int]]]] = []
        for chunk in work:
            waiting.append(pool.submit(bulk.answer, kind, chunk))
            if len(waiting) >= AHEAD:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


@contextmanager
def _pool(folders: Sequence[str]) -> Iterator[Executor]:
    context = get_context("spawn")
    with ProcessPoolExecutor(CORES, context, initializer=bulk.start, initargs=(folders,)) as pool:
        yield pool
