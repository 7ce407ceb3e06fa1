"""Decide about rows: stored with a status, dropped for a reason, or bad."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from ..layout import Layout
from . import ids

MAX_FIELD_LENGTH: Final = 300  # characters; a longer value is in the wrong column
MAX_ID_LENGTH: Final = 64


class Verdict(NamedTuple):
    """The decision about a row: stored with a status, dropped for a reason, or bad."""

    status: str = ""
    registered: bool = True
    drop: str = ""
    bad: str = ""
    column: str = ""


ACTIVE = Verdict("active")


def status_verdicts(layout: Layout) -> dict[str, Verdict]:
    """Return the verdict of each status value of a layout, in upper case."""
    status = layout.status
    meaning = {value.upper(): Verdict(word) for value, word in status.registered.items()}
    meaning |= {value.upper(): Verdict(word, registered=False) for value, word in status.not_registered.items()}
    meaning |= {value.upper(): Verdict(drop=reason) for value, reason in status.drop.items()}
    if status.blank:
        meaning[""] = Verdict(status.blank)
    return meaning


def unknown_status(value: str) -> Verdict:
    """Return the verdict about a row with a status that the layout does not name."""
    return Verdict(bad=f"the status {value[:12]!r} is not in the layout", column="status")


def reject_malformed(verdicts: list[Verdict], cells: Mapping[str, Sequence[str]]) -> list[Verdict]:
    """Mark as bad the rows without a name and the rows with an overlong field."""
    if not all(cells["last_name"]):
        for n, (first, last) in enumerate(zip(cells["first_name"], cells["last_name"], strict=True)):
            if not last and not first and not verdicts[n].drop:
                verdicts[n] = Verdict(bad="there is no name", column="last_name")
    for name, column in cells.items():
        if any(column) and max(map(len, column)) > MAX_FIELD_LENGTH:
            for n, value in enumerate(column):
                if len(value) > MAX_FIELD_LENGTH and not verdicts[n].drop:
                    verdicts[n] = Verdict(bad=f"longer than {MAX_FIELD_LENGTH} characters", column=name)
    return verdicts


def reject_damaged_ids(verdicts: list[Verdict], voter_ids: Sequence[str]) -> None:
    """Mark as bad the rows without an id, with an overlong one, or with one that a program damaged."""
    if all(voter_ids) and max(map(len, voter_ids)) <= MAX_ID_LENGTH and ids.are_sound(voter_ids):
        return  # the common case needs no loop over rows
    for n, voter_id in enumerate(voter_ids):
        if not verdicts[n].drop and (reason := _id_problem(voter_id)):
            verdicts[n] = Verdict(bad=reason, column="voter_id")


def _id_problem(voter_id: str) -> str:
    if not voter_id:
        return "the id is empty"
    if len(voter_id) > MAX_ID_LENGTH:
        return f"the id is longer than {MAX_ID_LENGTH} characters"
    return ids.describe_damage(voter_id)
