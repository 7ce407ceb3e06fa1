"""The made-up roll of a benchmark as a CSV, and the people typed about it. Everything follows from the
seed.
"""

import csv
import pickle
from collections.abc import Iterator
from pathlib import Path

from apps.matching import VoterRecord
from tests.labelled.queries import Sample, sampled_rows
from tests.labelled.roll import Roll


def write_roll(path: Path, voters: int, seed: int, present: int, absent: int) -> Sample:
    """Writes the roll as a clerk would file it, and returns the voters drawn for typing."""
    sample = Sample(Roll(voters, seed), [], [])
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(sampled_rows(sample.roll, present, absent, sample))
    path.with_suffix(".sample").write_bytes(pickle.dumps(sample))
    return sample


def read_sample(path: Path) -> Sample:
    """What `write_roll` drew."""
    sample: Sample = pickle.loads(path.with_suffix(".sample").read_bytes())  # noqa: S301 - written by write_roll
    return sample


def read_roll(path: Path) -> Iterator[VoterRecord]:
    """The records of the roll."""
    with path.open(newline="") as file:
        yield from map(VoterRecord._make, csv.reader(file))
