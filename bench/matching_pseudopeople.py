"""Measure recall on people with the noise of pseudopeople, a simulator of census data.

python -m bench.matching_pseudopeople [--seed N]

The roll and the queries are two noisy copies of one simulated census, at the default noise and at 2.5 times it; 60 % of
the people are on the roll. The weights stay as shipped: they were fitted on the other half of the households, with
other draws of the noise.
"""

import argparse
import copy
import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

import pseudopeople

from apps.matching import IndexBuilder, Matcher, TypedPerson, VoterRecord, open_index, shipped_model
from bench.matching_targets import Target, judged, recall_at, save

Row = dict[str, str]
NOISE = {1.0: (0.0014, 0.92, 0.95), 2.5: (0.0027, 0.86, 0.90)}  # noise: limit of false verification, required, aim
ON_ROLL = 0.6
FIT, MEASURE = 0, 1  # halves of the households
STATE = "WA"  # of the sample data
_PROBABILITIES = ("cell_probability", "row_probability")


def noisy(noise: float, seed: int) -> list[Row]:
    """Return the simulated census of 2020 with every probability of noise multiplied by `noise`."""
    config = {"decennial_census": _scaled(copy.deepcopy(pseudopeople.get_config()["decennial_census"]), noise)}
    frame = pseudopeople.generate_decennial_census(seed=seed, year=2020, config=config)
    rows: list[Row] = frame.astype(object).where(frame.notna(), "").astype(str).to_dict("records")
    return list({row["simulant_id"]: row for row in rows}.values())


def _scaled(node: dict[str, Any], noise: float) -> dict[str, Any]:
    for key, value in node.items():
        if isinstance(value, dict):
            _scaled(value, noise)
        elif key in _PROBABILITIES:
            node[key] = min(1.0, value * noise)
    return node


def fields(row: Row) -> Row:
    """Return the fields under Votekin's names."""
    unit = f"Unit {row['unit_number']}" if row["unit_number"] else ""
    return {
        "first_name": row["first_name"],
        "middle_name": row["middle_initial"],
        "last_name": row["last_name"],
        "dob": row["date_of_birth"],
        "sex": row["sex"][:1],
        "address": " ".join(part for part in (row["street_number"], row["street_name"], unit) if part),
        "city": row["city"],
        "zip": row["zipcode"],
    }


def in_half(row: Row, half: int) -> bool:
    """Return whether a person belongs to the half of the households that is for fitting, or for measuring."""
    return int(row["household_id"].rpartition("_")[2]) % 2 == half


def linked(folder: Path, noise: float, seed: int, half: int) -> tuple[Matcher, list[TypedPerson], list[str]]:
    """Return a matcher of the noisy roll, the noisy queries, and each one's voter id, empty if not on the roll."""
    roll, queries = ([row for row in noisy(noise, s) if in_half(row, half)] for s in (seed, seed + 1))
    rng = Random(seed)
    on_roll = {row["simulant_id"] for row in roll if rng.random() < ON_ROLL}
    with IndexBuilder(folder, STATE) as builder:
        builder.add(VoterRecord(row["simulant_id"], **fields(row)) for row in roll if row["simulant_id"] in on_roll)
        builder.finish()
    people = [TypedPerson(**fields(row), state=row["state"]) for row in queries]
    truth = [row["simulant_id"] if row["simulant_id"] in on_roll else "" for row in queries]
    return Matcher([open_index(folder)]), people, truth


def main() -> int:
    """Read the arguments, measure, print and write; return 1 if a required value is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    seed = parser.parse_args().seed
    targets = []
    for noise, (limit, required, aim) in NOISE.items():
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            matcher, people, truth = linked(Path(scratch) / "index", noise, seed, MEASURE)
            found = judged(matcher.match_many(people), truth)
        what = f"pseudopeople x{noise:g}: recall at false <= {limit:.2%}"
        targets.append(Target(what, recall_at(found, limit), required, aim))
    facts: dict[str, object] = {"date": time.strftime("%Y-%m-%d"), "seed": seed, "model": shipped_model().version}
    return save("matching-pseudopeople", targets, facts)


if __name__ == "__main__":
    sys.exit(main())
