"""Bulk verification, CSV to CSV: the work behind `verify_people`, on both cores for a long file."""

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
from apps.matching.parallel import Answered, answer_with, answered

from . import snapshot_files
from .loading.store import INDEX_FOLDER
from .models import Suppression
from .resumable_output import resumable_draft
from .search.base import VoterIndex, voter_index
from .search.embedded import EmbeddedVoterIndex

PROCESSES: Final = 2
PARALLEL_ROWS: Final = 20_000  # rows from which a second process is worth its start
CHUNK_ROWS: Final = BATCH  # rows after which a killed run begins again at most


def verify_file(source: Path, target: str, kind: str) -> tuple[dict[str, int], int]:
    """Answer all rows of `source` into the file `target`, in their order, and continue what a killed run left.

    Returns the counts and how many rows an earlier run had answered. Raises Refused naming line and column before any
    output where the file cannot be used.
    """
    with _input_errors_refused(source):
        rows = _count_rows(source)
        with resumable_draft(target, _work_digest(source, kind)) as draft:
            before = draft.rows
            if not draft.size:
                draft.add(_header())
            with source.open(encoding="utf-8-sig", newline="") as file:
                left = chunks(islice(read_people(file), before, None), CHUNK_ROWS)
                for text, counts in _match_chunks(left, kind, rows - before):
                    draft.add(text, counts["read"], counts)
    return {**Counts(), **draft.counts}, before


@contextmanager
def _input_errors_refused(source: Path) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise Refused(f"{source.name}: {error}.") from error
    except WorkerLost as error:
        raise Refused("A process that answers ended before its work. Look at memory, and start again.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{source.name} is not UTF-8. Save it as UTF-8, as spreadsheets offer.") from error


def _count_rows(source: Path) -> int:
    with source.open(encoding="utf-8-sig", newline="") as file:
        return check_ids(read_people(file))


def _work_digest(source: Path, kind: str) -> str:
    """A hash of all that decides the answers: what a run with another one answered is not continued."""
    with source.open("rb") as file:
        asked = file_digest(file, blake2b).hexdigest()
    rolls = {
        state: (snapshot.pk, snapshot.hash, _certificate_text(snapshot.path))
        for state, snapshot in snapshot_files.live_snapshots().items()
    }
    said = [asked, kind, shipped_model().version, rolls, _newest_suppression(), OUT]
    return sha256(json.dumps(said).encode()).hexdigest()


def _certificate_text(folder: Path) -> str:
    """What was certified of a roll: it decides the thresholds."""
    path = folder / INDEX_FOLDER / CERTIFICATE
    return path.read_text() if path.exists() else ""


def _header() -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(OUT)
    return text.getvalue()


def _match_chunks(work: Iterator[list[QueryRow]], kind: str, rows: int) -> Iterator[Answered]:
    index = voter_index()
    if not isinstance(index, EmbeddedVoterIndex) or not engine_output_is_safe():
        return (match_chunk(index, kind, chunk) for chunk in work)
    if rows >= PARALLEL_ROWS:
        folders = [snapshot.path / INDEX_FOLDER for snapshot in snapshot_files.live_snapshots().values()]
        return answered(folders, shipped_model(), kind, work, PROCESSES)
    return (answer_with(index.matcher(), kind, chunk) for chunk in work)


def _newest_suppression() -> int:
    return Suppression.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def engine_output_is_safe() -> bool:
    """Return whether the engine's own answers may leave as they are: each of its voters has a row and no protection."""
    newest = _newest_suppression()
    return not any(
        snapshot.counts.get("hidden") or snapshot.counts.get("protected_to", 0) < newest
        for snapshot in snapshot_files.live_snapshots().values()
    )


def match_chunk(index: VoterIndex, kind: str, chunk: Sequence[QueryRow]) -> Answered:
    """The same lines as the engine writes, from answers that were checked one by one."""
    counts, text = Counts(), io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    for row, answer in zip(chunk, index.match_many([row.person for row in chunk], kind), strict=True):
        counts["read"] += 1
        counts[answer.status] += 1
        write(_line(row.query_id, answer))
    return text.getvalue(), dict(counts)


def _line(query_id: str, answer: MatchResult) -> tuple[str, ...]:
    score = f"{answer.score:.6f}" if answer.voter_id else ""
    return query_id, answer.voter_id, score, answer.status, "|".join(c.voter_id for c in answer.candidates)
