"""Certifying the matcher on a snapshot's own voters; the certificate lies with the snapshot's index."""

from collections.abc import Iterator
from random import Random
from typing import Final

import numpy as np

from apps.core.log import get_logger
from apps.matching import Matcher, TypedPerson, VoterIndex, VoterRecord, open_index, shipped_model
from apps.matching.certificate import Certificate, read, valid, write
from apps.matching.certify import LEAST, certify
from apps.matching.model import KINDS
from apps.matching.perturb import typed

from . import snapshot_files
from .loading.store import INDEX_FOLDER
from .models import Snapshot

log = get_logger(__name__)
# A tenth of the voters, between these bounds: 5 s of one core for a large roll, 1.5 s where the whole load takes 5.
# At 15,000 the certified recall of forms lies .002 below that of the largest sample, at 10,000 .01 (measured).
MIN_SAMPLE: Final = {"form": 12_500, "contact": 6_250}
MAX_SAMPLE: Final = {"form": 30_000, "contact": 15_000}
SAMPLE_DIVISOR: Final = {"form": 10, "contact": 20}
MIN_VOTERS_PER_SAMPLE: Final = 2  # at most every second voter of a roll is drawn
BATCH_SIZE: Final = 500
_COLUMNS: Final = "voter_id, first_name, middle_name, last_name, suffix, dob, birth_year, sex, address, city, zip"


def certify_snapshot(snapshot: Snapshot, *, people: int = 0, seed: int = 1) -> dict[str, Certificate]:
    """Certify both kinds of list on a loaded snapshot, live or not yet, and keep the certificates with it.

    `people` is how many voters to draw for forms; 0 draws as many as it takes. A roll too small for a sample of LEAST
    gets the shipped thresholds and a certificate that says so, without the work.
    """
    index = open_index(snapshot.path / INDEX_FOLDER)
    matcher = Matcher([index])
    made = []
    for kind in KINDS:
        drawn = min(people or _sample_size(index.voters, kind), index.voters // MIN_VOTERS_PER_SAMPLE)
        voters = list(_sample_voters(snapshot, index, drawn, seed)) if drawn >= LEAST[kind] else []
        made.append(certify(matcher, voters, kind, seed))
    write(index.folder, made)
    log.info("roll.certified", snapshot_id=snapshot.pk, count=sum(c.certified for c in made))
    return {c.kind: c for c in made}


def _sample_size(voters: int, kind: str) -> int:
    return min(max(voters // SAMPLE_DIVISOR[kind], MIN_SAMPLE[kind]), MAX_SAMPLE[kind])


def certificates(snapshot: Snapshot) -> dict[str, Certificate]:
    """Return what was shown on a snapshot, by kind; empty where nothing was."""
    return read(snapshot.path / INDEX_FOLDER)


def is_certified(kind: str) -> bool:
    """Return whether the thresholds of a kind were shown on every live roll to keep their target."""
    live = snapshot_files.live_snapshots().values()
    opened = [open_index(snapshot.path / INDEX_FOLDER) for snapshot in live]
    found = [valid(shipped_model(), index, kind) for index in opened]
    return bool(found) and all(one is not None and one.certified for one in found)


def sample_queries(snapshot: Snapshot, kind: str, count: int, seed: int) -> list[TypedPerson]:
    """Return voters drawn from a snapshot as they might type themselves."""
    index = open_index(snapshot.path / INDEX_FOLDER)
    voters = [v for _, v in _sample_voters(snapshot, index, min(count, index.voters // MIN_VOTERS_PER_SAMPLE), seed)]
    rng = Random(f"typed {seed}")
    return [typed(voter, kind, voters, rng) for voter in voters]


def _sample_voters(snapshot: Snapshot, index: VoterIndex, count: int, seed: int) -> Iterator[tuple[int, VoterRecord]]:
    """Voters drawn at random, by row of the index: names and dates as filed, telephones as the index knows them."""
    rows = np.sort(np.random.default_rng(seed).choice(index.voters, count, replace=False)).tolist()
    with snapshot_files.snapshot_db(snapshot) as db:
        for at in range(0, len(rows), BATCH_SIZE):
            by_id = {index.voter_id(row): row for row in rows[at : at + BATCH_SIZE]}
            marks = ",".join("?" * len(by_id))
            query = f"SELECT {_COLUMNS} FROM voter WHERE registered = 1 AND voter_id IN ({marks})"  # noqa: S608
            for found in db.execute(query, list(by_id)):
                row = by_id[found[0]]
                phone = int(index.rows["phone"][row])
                yield row, VoterRecord(*found)._replace(phone=str(phone) if phone else "")
