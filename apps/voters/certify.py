"""Certify the matcher on a snapshot's own voters; the certificate is stored with the snapshot's index."""

from collections.abc import Iterator
from random import Random
from typing import Final

import numpy as np

from apps.core.log import get_logger
from apps.matching import STORED_FIELDS, Matcher, TypedPerson, VoterIndex, VoterRecord, open_index, shipped_model
from apps.matching.certificate import Certificate, read, valid, write
from apps.matching.certify import LEAST, certify
from apps.matching.model import KINDS
from apps.matching.perturb import perturbed_query

from . import snapshot_files
from .loading.store import INDEX_FOLDER
from .models import Snapshot

log = get_logger(__name__)
# A tenth of the voters, within these bounds: 5 s of one core for a large roll, 1.5 s where the whole load takes 5 s.
# Measured: the certified recall of forms is .002 below that of the largest sample at 15,000, and .01 below at 10,000.
MIN_SAMPLE: Final = {"form": 12_500, "contact": 6_250}
MAX_SAMPLE: Final = {"form": 30_000, "contact": 15_000}
SAMPLE_DIVISOR: Final = {"form": 10, "contact": 20}
MIN_VOTERS_PER_SAMPLE: Final = 2  # at most every second voter is sampled
BATCH_SIZE: Final = 500
_COLUMNS: Final = ", ".join(STORED_FIELDS)


def certify_snapshot(snapshot: Snapshot, *, people: int = 0, seed: int = 1) -> dict[str, Certificate]:
    """Certify both kinds of query on a loaded snapshot, and store the certificates with its index.

    `people` is the sample size; 0 chooses one by the roll's size. A roll too small for a sample of LEAST gets the
    shipped thresholds and an uncertified certificate.
    """
    index = open_index(snapshot.path / INDEX_FOLDER)
    matcher = Matcher([index])
    certificates_made = []
    for kind in KINDS:
        sample_size = min(people or _sample_size(index.voters, kind), index.voters // MIN_VOTERS_PER_SAMPLE)
        voters = list(_sample_voters(snapshot, index, sample_size, seed)) if sample_size >= LEAST[kind] else []
        certificates_made.append(certify(matcher, voters, kind, seed))
    write(index.folder, certificates_made)
    log.info("roll.certified", snapshot_id=snapshot.pk, count=sum(c.certified for c in certificates_made))
    return {c.kind: c for c in certificates_made}


def _sample_size(voters: int, kind: str) -> int:
    return min(max(voters // SAMPLE_DIVISOR[kind], MIN_SAMPLE[kind]), MAX_SAMPLE[kind])


def certificates(snapshot: Snapshot) -> dict[str, Certificate]:
    """Return a snapshot's certificates by kind; empty if it has none."""
    return read(snapshot.path / INDEX_FOLDER)


def is_certified(kind: str) -> bool:
    """Return whether a kind's thresholds are certified on every live roll."""
    live = snapshot_files.live_snapshots().values()
    indexes = [open_index(snapshot.path / INDEX_FOLDER) for snapshot in live]
    valid_certificates = [valid(shipped_model(), index, kind) for index in indexes]
    return bool(valid_certificates) and all(one is not None and one.certified for one in valid_certificates)


def sample_queries(snapshot: Snapshot, kind: str, count: int, seed: int) -> list[TypedPerson]:
    """Return queries that sampled voters of a snapshot might enter, with typical errors."""
    index = open_index(snapshot.path / INDEX_FOLDER)
    voters = [v for _, v in _sample_voters(snapshot, index, min(count, index.voters // MIN_VOTERS_PER_SAMPLE), seed)]
    rng = Random(f"typed {seed}")
    return [perturbed_query(voter, kind, voters, rng) for voter in voters]


def _sample_voters(snapshot: Snapshot, index: VoterIndex, count: int, seed: int) -> Iterator[tuple[int, VoterRecord]]:
    """Yield random voters with their index rows: names and dates from the file, phone numbers from the index."""
    rows = np.sort(np.random.default_rng(seed).choice(index.voters, count, replace=False)).tolist()
    with snapshot_files.snapshot_db(snapshot) as db:
        for start in range(0, len(rows), BATCH_SIZE):
            by_id = {index.voter_id(row): row for row in rows[start : start + BATCH_SIZE]}
            placeholders = ",".join("?" * len(by_id))
            query = f"SELECT {_COLUMNS} FROM voter WHERE registered = 1 AND voter_id IN ({placeholders})"  # noqa: S608
            for valid_certificates in db.execute(query, list(by_id)):
                row = by_id[valid_certificates[0]]
                phone = int(index.rows["phone"][row])
                yield row, VoterRecord(*valid_certificates)._replace(phone=str(phone) if phone else "")
