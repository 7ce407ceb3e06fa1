"""Bulk verification, CSV to CSV, for `verify_people`; uses two processes for a long file."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b, file_digest, sha256
from itertools import islice
from pathlib import Path
from typing import Final

from apps.core.errors import Refused
from apps.matching import InputError, MatchResult, shipped_model
from apps.matching.certificate import FILE as CERTIFICATE
from apps.matching.csv_job import OUT, Counts, QueryRow, check_ids, chunks, read_people
from apps.matching.engine import BATCH
from apps.matching.errors import WorkerLost
from apps.matching.parallel import ChunkResult, match_chunk_with, match_chunks

from . import snapshot_files
from .loading.store import INDEX_FOLDER
from .models import Suppression
from .resumable_output import resumable_draft
from .search.base import VoterIndex, voter_index
from .search.embedded import EmbeddedVoterIndex

PROCESSES: Final = 2
PARALLEL_ROWS: Final = 20_000  # from this many rows on, a second process pays off
CHUNK_ROWS: Final = BATCH  # a killed run repeats at most one chunk


def verify_file(source: Path, target: str, kind: str) -> tuple[dict[str, int], int]:
    """Match all rows of `source` into the file `target`, in input order; resume the output of a killed run.

    Returns the counts by status, and how many rows an earlier run had matched. Raises Refused that names line and
    column before any output if the input is invalid.
    """
    with _input_errors_refused(source):
        rows = _count_rows(source)
        with resumable_draft(target, _work_digest(source, kind)) as draft:
            before = draft.rows
            if not draft.size:
                draft.add(_header())
            with source.open(encoding="utf-8-sig", newline="") as file:
                pending = chunks(islice(read_people(file), before, None), CHUNK_ROWS)
                for text, counts in _match_chunks(pending, kind, rows - before):
                    draft.add(text, counts["read"], counts)
    return {**Counts(), **draft.counts}, before


@contextmanager
def _input_errors_refused(source: Path) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise Refused(f"{source.name}: {error}.") from error
    except WorkerLost as error:
        raise Refused("A matching process ended early. Check the memory, and start again.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{source.name} is not UTF-8. Save it as UTF-8.") from error


def _count_rows(source: Path) -> int:
    with source.open(encoding="utf-8-sig", newline="") as file:
        return check_ids(read_people(file))


def _work_digest(source: Path, kind: str) -> str:
    """Return a hash of every input that affects the output; only a draft with the same hash is resumed."""
    with source.open("rb") as file:
        input_digest = file_digest(file, blake2b).hexdigest()
    rolls = {
        state: (snapshot.pk, snapshot.hash, _certificate_text(snapshot.path))
        for state, snapshot in snapshot_files.live_snapshots().items()
    }
    inputs = [input_digest, kind, shipped_model().version, rolls, _newest_suppression(), OUT]
    return sha256(json.dumps(inputs).encode()).hexdigest()


def _certificate_text(folder: Path) -> str:
    """Return the text of a snapshot's certificate, which sets the thresholds; empty if there is none."""
    path = folder / INDEX_FOLDER / CERTIFICATE
    return path.read_text() if path.exists() else ""


def _header() -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(OUT)
    return text.getvalue()


def _match_chunks(work: Iterator[list[QueryRow]], kind: str, rows: int) -> Iterator[ChunkResult]:
    index = voter_index()
    if not isinstance(index, EmbeddedVoterIndex) or not engine_output_is_safe():
        return (match_chunk(index, kind, chunk) for chunk in work)
    if rows >= PARALLEL_ROWS:
        folders = [snapshot.path / INDEX_FOLDER for snapshot in snapshot_files.live_snapshots().values()]
        return match_chunks(folders, shipped_model(), kind, work, PROCESSES)
    return (match_chunk_with(index.matcher(), kind, chunk) for chunk in work)


def _newest_suppression() -> int:
    return Suppression.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def engine_output_is_safe() -> bool:
    """Return whether the engine's output needs no filter: no indexed voter is suppressed or without a row."""
    newest = _newest_suppression()
    return not any(
        snapshot.counts.get("hidden") or snapshot.counts.get("protected_to", 0) < newest
        for snapshot in snapshot_files.live_snapshots().values()
    )


def match_chunk(index: VoterIndex, kind: str, chunk: Sequence[QueryRow]) -> ChunkResult:
    """Match a chunk through a filtered index; return the same CSV lines and counts as the engine does."""
    counts, text = Counts(), io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    for row, result in zip(chunk, index.match_many([row.person for row in chunk], kind), strict=True):
        counts["read"] += 1
        counts[result.status] += 1
        write(_line(row.query_id, result))
    return text.getvalue(), dict(counts)


def _line(query_id: str, result: MatchResult) -> tuple[str, ...]:
    score = f"{result.score:.6f}" if result.voter_id else ""
    return query_id, result.voter_id, score, result.status, "|".join(c.voter_id for c in result.candidates)
