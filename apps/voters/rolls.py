"""Reading the live rolls: one voter's row, checked against suppression. Nobody else opens a snapshot's file."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apps.matching.normalize.places import state as state_code

from . import suppression
from .loading.store import last_key
from .models import LiveRoll, Snapshot
from .snapshot_files import live, live_snapshot, opened

__all__ = [
    "VoterRow",
    "birth_dates",
    "generation",
    "live",
    "live_snapshot",
    "own_record",
    "record",
    "row_of",
    "rows_of",
    "unregistered_rows",
    "voter_row",
    "voters_in",
]

NAMES: Final = (
    "voter_id", "status", "registered", "first_name", "middle_name", "last_name", "suffix", "dob", "birth_year",
    "sex", "address", "city", "zip", "mail", "county", "districts",
)  # fmt: skip
COLUMNS: Final = ", ".join(NAMES)
_SAMPLE: Final = 1_000


@dataclass(frozen=True)
class VoterRow:
    """A voter as the live snapshot has them. For deciding and for staff; never shown to a member as it is."""

    state: str
    voter_id: str
    status: str
    registered: bool
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    dob: str
    birth_year: str
    sex: str
    address: str
    city: str
    zip: str
    mail: str
    county: str
    districts: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "VoterRow(…)"  # what a traceback or a log would show of a person


def record(state: str, voter_id: str) -> VoterRow | None:
    """Return a voter of the live roll; None where there is none, and where they are protected."""
    state = state_code(state) if state else ""
    snapshot = live_snapshot(state)
    if snapshot is None or suppression.is_suppressed(state, voter_id):
        return None
    return row_of(snapshot, voter_id)


def own_record(state: str, voter_id: str) -> VoterRow | None:
    """Return a voter of the live roll for the voter's own look-up; None where there is none, or it is withdrawn.

    A suppression that the person requested hides the row from everybody else, not from the voter.
    """
    state = state_code(state) if state else ""
    snapshot = live_snapshot(state)
    if snapshot is None or suppression.withdrawn_of([(state, voter_id)]):
        return None
    return row_of(snapshot, voter_id)


def rows_of(snapshot: Snapshot, voter_ids: Collection[str]) -> list[VoterRow]:
    """Return voters of one snapshot, registered or not; suppression is the caller's to check."""
    marks = ",".join("?" * len(voter_ids))
    query = f"SELECT {COLUMNS} FROM voter JOIN place ON place.id = voter.place WHERE voter_id IN ({marks})"  # noqa: S608
    with opened(snapshot) as db:
        return [voter_row(snapshot.state, found) for found in db.execute(query, tuple(voter_ids))]


def unregistered_rows(snapshot: Snapshot, last_name: str, most: int) -> list[VoterRow]:
    """Return removed and denied voters of a last name, which no index holds; suppression is the caller's to check."""
    query = (
        f"SELECT {COLUMNS} FROM voter JOIN place ON place.id = voter.place "  # noqa: S608 - every value is bound
        "WHERE registered = 0 AND last_key = ? LIMIT ?"
    )
    with opened(snapshot) as db:
        return [voter_row(snapshot.state, found) for found in db.execute(query, (last_key(last_name), most))]


def birth_dates(snapshot: Snapshot) -> str:
    """Return what a roll has of birth dates: `full`, `year` or `none`, as most of its first voters have it."""
    query = "SELECT count(*), sum(dob <> ''), sum(birth_year <> '') FROM (SELECT dob, birth_year FROM voter LIMIT ?)"
    with opened(snapshot) as db:
        count, dates, years = db.execute(query, (_SAMPLE,)).fetchone()
    if 2 * (dates or 0) > count:
        return "full"
    return "year" if 2 * (years or 0) > count else "none"


def row_of(snapshot: Snapshot, voter_id: str) -> VoterRow | None:
    """Return a voter of one snapshot; suppression is the caller's to check."""
    query = f"SELECT {COLUMNS} FROM voter JOIN place ON place.id = voter.place WHERE voter_id = ?"  # noqa: S608
    with opened(snapshot) as db:
        found = db.execute(query, (voter_id,)).fetchone()
    return voter_row(snapshot.state, found) if found else None


def generation(snapshot_id: int) -> int:
    """Return the number of the swap that made a snapshot live; 0 where it is not."""
    row = LiveRoll.objects.filter(snapshot_id=snapshot_id).first()
    return row.generation if row else 0


def voters_in(state: str, districts: Mapping[str, str]) -> int:
    """Return how many registered voters of the live roll live in all of these districts (layer -> OCD id)."""
    snapshot = live_snapshot(state)
    if snapshot is None:
        return 0
    with opened(snapshot) as db:
        places = db.execute("SELECT districts, voters FROM place WHERE voters > 0").fetchall()
    wanted = districts.items()
    return sum(voters for text, voters in places if wanted <= json.loads(text).items())


def voter_row(state: str, found: Any) -> VoterRow:
    """Return a row of COLUMNS as a voter."""
    values = dict(zip(NAMES, found, strict=True))
    values["registered"] = bool(values["registered"])
    values["districts"] = json.loads(values["districts"])
    return VoterRow(state=state, **values)
