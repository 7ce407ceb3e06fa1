"""Decides what a match result means for the member: matched, one more detail, or not found; and which fields agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.matching import MatchResult
from apps.matching.decide import Veto
from apps.matching.normalize import places
from apps.voters.rolls import VoterRow

from .models import Attempt
from .query import VoterQuery

# No further detail can turn another person's record into a match.
OTHER_PERSON_VETO: Final = Veto.FIRST_NAME_DIFFERS
# Levels shown as "Same"; a member sees a digit slip or a similar name as "Skipped".
AGREEING_LEVELS: Final = {
    "first_name": ("first", {"same", "nickname", "initial"}),
    "last_name": ("last", {"same", "part"}),
    "middle_name": ("middle", {"same", "initial"}),
    "dob": ("dob", {"same", "year"}),
    "address": ("where", {"door", "door_other_place"}),
    "phone": ("phone", {"same"}),
}
SAME_ADDRESS: Final = "door"  # house number, street and place agree


@dataclass(frozen=True)
class Outcome:
    """Hold the result of a look-up. `requested_detail` names the detail that would settle it."""

    state: str
    roll_state: str = ""
    voter_id: str = ""
    requested_detail: str = ""


def decide_outcome(result: MatchResult, query: VoterQuery, *, followed_up: bool) -> Outcome:
    """Return the outcome of a match result."""
    if result.status == "verified":
        return Outcome(Attempt.State.MATCHED, result.state, result.voter_id)
    if result.status == "none" or not result.candidates or result.candidates[0].veto & OTHER_PERSON_VETO:
        return Outcome(Attempt.State.NOT_FOUND)
    detail = query.missing_detail()
    if followed_up or not detail:
        return Outcome(Attempt.State.REVIEW)
    return Outcome(Attempt.State.DETAIL, requested_detail=detail)


def candidate_levels(result: MatchResult) -> dict[str, str]:
    """Return the comparison level per field of the best candidate."""
    if not result.candidates:
        return {}
    fields: Any = result.explanation["candidates"][0]["fields"]
    return {field["field"]: field["level"] for field in fields}


def agreeing_fields(levels: Mapping[str, str], query: VoterQuery, row: VoterRow) -> list[str]:
    """Return the names of the query's fields that agree with the record."""
    agreeing = [
        name
        for name, (field, accepted) in AGREEING_LEVELS.items()
        if getattr(query, name) and levels.get(field) in accepted
    ]
    if query.city and places.city(query.city) == places.city(row.record.city):
        agreeing.append("city")
    if query.zip and places.zip_code(query.zip) == places.zip_code(row.record.zip):
        agreeing.append("zip")
    return agreeing
