"""Why, as data: per field the level and its weight, the prior, the vetoes. Words are made elsewhere, from the
keys.

Keys: `fields.FIELDS` and `fields.level_name`, `decide.Veto` in lower case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.matching.decide import veto_names
from apps.matching.fields import FIELDS, level_name

if TYPE_CHECKING:
    from apps.matching.engine import Answer, Candidate

# The least disagreeing levels, so that "which typed fields agreed" has one meaning everywhere.
AGREES = {
    "first": {"same", "nickname", "close", "initial", "middle_name"},
    "last": {"same", "part", "close", "sounds", "swapped", "middle_name"},
    "middle": {"same", "initial", "close"},
    "dob": {"same", "swapped", "one_off", "year_and_part", "year"},
    "sex": {"same"},
    "where": {"door", "door_other_place", "street", "zip", "city", "place_zip", "place_city", "town"},
    "phone": {"same"},
    "email": {"same"},
    "suffix": {"same"},
}


def explanation(answer: Answer) -> dict[str, Any]:
    """The whole reason of an answer, for storing with the decision."""
    return {
        "status": answer.status,
        "kind": answer.kind,
        "model": answer.model_version,
        "snapshots": list(answer.snapshots),
        "prior": answer.prior,
        "candidates": [candidate_explanation(c) for c in answer.candidates],
    }


def candidate_explanation(candidate: Candidate) -> dict[str, Any]:
    """One candidate: score, vetoes, and per compared field level, weight and whether it counts as
    agreement.
    """
    return {
        "voter_id": candidate.voter_id,
        "state": candidate.state,
        "score": candidate.score,
        "vetoes": veto_names(candidate.veto),
        "fields": [
            {
                "field": name,
                "level": level_name(name, level),
                "weight": weight,
                "agrees": level_name(name, level) in AGREES[name],
            }
            for name, level, weight in zip(FIELDS, candidate.levels, candidate.weights, strict=True)
        ],
    }
