"""Write a benchmark's generated roll as a CSV, and the queries about it. Everything follows from the seed."""

import csv
import pickle
from collections.abc import Iterator
from pathlib import Path

from apps.matching import VoterRecord
from tests.labelled.queries import Sample, sampled_rows
from tests.labelled.roll import Roll


def write_roll(path: Path, voters: int, seed: int, present: int, absent: int) -> Sample:
    """Write the roll with clerical errors, and return the voters sampled for queries."""
    sample = Sample(Roll(voters, seed), [], [])
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(sampled_rows(sample.roll, present, absent, sample))
    path.with_suffix(".sample").write_bytes(pickle.dumps(sample))
    return sample


def read_sample(path: Path) -> Sample:
    """Return what `write_roll` sampled."""
    sample: Sample = pickle.loads(path.with_suffix(".sample").read_bytes())  # noqa: S301 - written by write_roll
    return sample


def read_roll(path: Path) -> Iterator[VoterRecord]:
    """Return the records of the roll."""
    with path.open(newline="") as file:
        yield from map(VoterRecord._make, csv.reader(file))
