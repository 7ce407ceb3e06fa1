"""The accuracy card: how often voters of the roll are found again, by group, and whether stated probabilities hold.

The people are those of `certify`: voters drawn from the roll and typed as people type, so nobody's labels are needed.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.matching.index import VoterIndex
from apps.matching.model import Floats
from apps.matching.person import TypedPerson, normalise

Bools = NDArray[np.bool_]
BANDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)
COMMON, RARE = 1e-4, 1e-5  # shares of the roll that bear a surname: one in 10,000, one in 100,000


def card(index: VoterIndex, people: Sequence[TypedPerson], moved: Bools, sure: Bools) -> dict[str, Any]:
    """Recall by group as JSON; `sure` where the voter was verified."""
    groups = {"surname": _surnames(index, people), "moved": {"yes": moved, "no": ~moved}, "given": _given(people)}
    return {name: {k: _share(sure[m]) for k, m in parts.items()} for name, parts in groups.items()}


def _share(members: Bools) -> dict[str, Any]:
    return {"people": len(members), "recall": round(float(members.mean()), 4) if len(members) else None}


def calibration(shown: Floats, right: Bools, hidden: Floats, prior: float) -> list[dict[str, Any]]:
    """Per band of the stated probability what was true, where a share `prior` of the people are in the file.

    `shown` are the best candidates' scores of people in the file, `right` where it is the person; `hidden` those of the
    same people with their own records hidden, all wrong.
    """
    found = []
    for low, high in pairwise(BANDS):
        near, other = (_inside(score, low, high) for score in (shown, hidden))
        weight = prior * near.sum() + (1 - prior) * other.sum()
        if weight:
            stated = (prior * shown[near].sum() + (1 - prior) * hidden[other].sum()) / weight
            true = prior * right[near].sum() / weight
            people = int(near.sum() + other.sum())
            found.append({"from": low, "people": people, "stated": round(float(stated), 4), "true": round(true, 4)})
    return found


def _inside(score: Floats, low: float, high: float) -> Bools:
    return (score > 0) & (score >= low) & ((score < high) | (high == BANDS[-1]))


def _surnames(index: VoterIndex, people: Sequence[TypedPerson]) -> dict[str, Bools]:
    """How a surname is built, and how many of the roll bear it."""
    normal = normalise(people)
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


def _given(people: Sequence[TypedPerson]) -> dict[str, Bools]:
    """What was typed beside the name."""
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
