"""From the engine's answer to what a member is told: matched, one more detail, or not found; and what agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.matching import MatchResult
from apps.matching.decide import Veto
from apps.matching.normalize import places
from apps.voters.rolls import VoterRow

from .models import Attempt
from .query import Typed

# No further detail makes another person's record one's own.
ANOTHER_PERSON: Final = Veto.FIRST_NAME_DIFFERS
# What "Same" means beside a typed field: a slip of a digit or a similar name is "Skipped" to a member.
SAME: Final = {
    "first_name": ("first", {"same", "nickname", "initial"}),
    "last_name": ("last", {"same", "part"}),
    "middle_name": ("middle", {"same", "initial"}),
    "dob": ("dob", {"same", "year"}),
    "address": ("where", {"door", "door_other_place"}),
    "phone": ("phone", {"same"}),
}
HERE: Final = "door"  # house, street and place agree


@dataclass(frozen=True)
class Outcome:
    """What a look-up came to. `ask` names the detail that would settle it."""

    state: str
    roll_state: str = ""
    voter_id: str = ""
    ask: str = ""


def outcome_of(answer: MatchResult, typed: Typed, *, followed_up: bool) -> Outcome:
    """Return what an answer means for the member who asked."""
    if answer.status == "verified":
        return Outcome(Attempt.State.MATCHED, answer.state, answer.voter_id)
    if answer.status == "none" or not answer.candidates or answer.candidates[0].veto & ANOTHER_PERSON:
        return Outcome(Attempt.State.NOT_FOUND)
    ask = typed.lacks()
    if followed_up or not ask:
        return Outcome(Attempt.State.REVIEW)
    return Outcome(Attempt.State.DETAIL, ask=ask)


def levels_of(answer: MatchResult) -> dict[str, str]:
    """Return the level of each compared field of the best candidate."""
    if not answer.candidates:
        return {}
    fields: Any = answer.explanation["candidates"][0]["fields"]
    return {field["field"]: field["level"] for field in fields}


def agreed_fields(levels: Mapping[str, str], typed: Typed, row: VoterRow) -> list[str]:
    """Return the names of the typed fields that agreed."""
    same = [name for name, (field, good) in SAME.items() if getattr(typed, name) and levels.get(field) in good]
    if typed.city and places.city(typed.city) == places.city(row.record.city):
        same.append("city")
    if typed.zip and places.zip_code(typed.zip) == places.zip_code(row.record.zip):
        same.append("zip")
    return same
