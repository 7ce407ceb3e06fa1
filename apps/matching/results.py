"""Results of matching one query, with their explanation."""

from dataclasses import dataclass
from typing import Any

from apps.matching.decide import veto_names
from apps.matching.explain import compared


@dataclass(frozen=True, slots=True)
class Candidate:
    """A voter who may be the person. `levels` and `weights` follow the order of `fields.FIELDS`."""

    voter_id: str
    state: str
    score: float
    veto: int
    levels: tuple[int, ...]
    weights: tuple[float, ...]

    @property
    def vetoed(self) -> bool:
        """Whether this candidate is at most "possible"."""
        return self.veto != 0

    @property
    def explanation(self) -> dict[str, Any]:
        """Score, vetoes, and for each compared field its level, weight and whether it counts as agreement."""
        return {
            "voter_id": self.voter_id,
            "state": self.state,
            "score": self.score,
            "vetoes": veto_names(self.veto),
            "fields": compared(self.levels, self.weights),
        }


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The result for one query.

    `voter_id`, `state` and `score` are those of the best candidate if its probability is at least .02, vetoed or not;
    else empty and 0. `candidates` are sorted by score, at most ten. `threshold` is the score that the best one needed
    for verification; `certified` tells whether it was shown on the roll itself to meet the target false-match rate.
    """

    status: str
    voter_id: str
    state: str
    score: float
    candidates: tuple[Candidate, ...]
    kind: str
    model_version: str
    snapshots: tuple[str, ...]
    prior: float
    threshold: float = 0.0
    certified: bool = False

    @property
    def explanation(self) -> dict[str, Any]:
        """The full explanation as JSON data, for storage with the decision."""
        return {
            "status": self.status,
            "kind": self.kind,
            "model": self.model_version,
            "snapshots": list(self.snapshots),
            "prior": self.prior,
            "threshold": self.threshold,
            "certified": self.certified,
            "candidates": [c.explanation for c in self.candidates],
        }
