"""Measure accuracy on the operator's own roll: recall by group, and calibration of the match probabilities.

Both use the sample of `certify`: voters drawn from the roll and perturbed, so that no labeled data is needed.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.matching.index import VoterIndex
from apps.matching.model import Floats
from apps.matching.person import TypedPerson, normalize

Bools = NDArray[np.bool_]
BANDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)
COMMON, RARE = 1e-4, 1e-5  # shares of voters with a surname: one in 10,000, one in 100,000


def recall_by_group(index: VoterIndex, people: Sequence[TypedPerson], moved: Bools, verified: Bools) -> dict[str, Any]:
    """Return recall by group as JSON data; `verified` marks the sampled voters who were verified as themselves."""
    groups = {
        "surname": _by_surname(index, people),
        "moved": {"yes": moved, "no": ~moved},
        "given": _by_fields_given(people),
    }
    return {name: {k: _share(verified[m]) for k, m in parts.items()} for name, parts in groups.items()}


def _share(members: Bools) -> dict[str, Any]:
    return {"people": len(members), "recall": round(float(members.mean()), 4) if len(members) else None}


def calibration(shown: Floats, right: Bools, hidden: Floats, prior: float) -> list[dict[str, Any]]:
    """Return per band of probability the stated and the true share of matches, where a share `prior` is on the roll.

    `shown` holds the best candidate's score of each sampled voter, and `right` whether that candidate is the voter.
    `hidden` holds the scores with the voter's own record hidden, so that every match is false.
    """
    bands = []
    for low, high in pairwise(BANDS):
        in_file, not_in_file = (_in_band(score, low, high) for score in (shown, hidden))
        weight = prior * in_file.sum() + (1 - prior) * not_in_file.sum()
        if weight:
            stated = (prior * shown[in_file].sum() + (1 - prior) * hidden[not_in_file].sum()) / weight
            true = prior * right[in_file].sum() / weight
            people = int(in_file.sum() + not_in_file.sum())
            bands.append({"from": low, "people": people, "stated": round(float(stated), 4), "true": round(true, 4)})
    return bands


def _in_band(score: Floats, low: float, high: float) -> Bools:
    return (score > 0) & (score >= low) & ((score < high) | (high == BANDS[-1]))


def _by_surname(index: VoterIndex, people: Sequence[TypedPerson]) -> dict[str, Bools]:
    """Group queries by the form of the surname and by its frequency on the roll."""
    normal = normalize(people)
    codes = [index.names.code_of(last) for last in normal.last]
    share = np.array([index.name_counts["last"][c] if c > 0 else 0 for c in codes]) / max(index.voters, 1)
    several = np.array([" " in last for last in normal.last])
    short = np.array([0 < len(last) <= 4 for last in normal.last]) & ~several
    plain = ~several & ~short
    return {
        "two_surnames": several,
        "short": short,
        "common": plain & (share >= COMMON),
        "middling": plain & (share < COMMON) & (share >= RARE),
        "rare": plain & (share < RARE),
    }


def _by_fields_given(people: Sequence[TypedPerson]) -> dict[str, Bools]:
    """Group queries by the fields given besides the name."""
    dated = np.array([bool(p.dob) for p in people])
    year = np.array([bool(p.birth_year) for p in people]) & ~dated
    street = np.array([bool(p.address) for p in people])
    place = np.array([bool(p.zip or p.city) for p in people]) & ~street
    return {
        "birth_date": dated,
        "birth_year": year,
        "address": street & ~dated & ~year,
        "place": place & ~dated & ~year,
        "less": ~dated & ~year & ~street & ~place,
    }
