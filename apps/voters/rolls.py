"""Reading the live rolls: one voter's row, checked against suppression. Nobody else opens a snapshot's file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apps.matching.normalize.places import state as state_code

from . import suppression
from .models import LiveRoll, Snapshot
from .snapshot_files import live_snapshot, live_snapshots, snapshot_db

__all__ = [
    "VoterRow",
    "get_voter",
    "get_voter_in_snapshot",
    "live_generation",
    "live_snapshot",
    "live_snapshots",
    "voter_row",
    "voters_in",
]

VOTER_COLUMNS: Final = (
    "voter_id", "status", "registered", "first_name", "middle_name", "last_name", "suffix", "dob", "birth_year",
    "sex", "address", "city", "zip", "mail", "county", "districts",
)  # fmt: skip
SELECT_COLUMNS: Final = ", ".join(VOTER_COLUMNS)


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


def get_voter(state: str, voter_id: str) -> VoterRow | None:
    """Return a voter of the live roll; None where there is none, and where they are protected."""
    state = state_code(state) if state else ""
    snapshot = live_snapshot(state)
    if snapshot is None or suppression.is_suppressed(state, voter_id):
        return None
    return get_voter_in_snapshot(snapshot, voter_id)


def get_voter_in_snapshot(snapshot: Snapshot, voter_id: str) -> VoterRow | None:
    """Return a voter of one snapshot; suppression is the caller's to check."""
    query = f"SELECT {SELECT_COLUMNS} FROM voter JOIN place ON place.id = voter.place WHERE voter_id = ?"  # noqa: S608
    with snapshot_db(snapshot) as db:
        found = db.execute(query, (voter_id,)).fetchone()
    return voter_row(snapshot.state, found) if found else None


def live_generation(snapshot_id: int) -> int:
    """Return the number of the swap that made a snapshot live; 0 where it is not."""
    row = LiveRoll.objects.filter(snapshot_id=snapshot_id).first()
    return row.generation if row else 0


def voters_in(state: str, districts: Mapping[str, str]) -> int:
    """Return how many registered voters of the live roll live in all of these districts (layer -> OCD id)."""
    snapshot = live_snapshot(state)
    if snapshot is None:
        return 0
    with snapshot_db(snapshot) as db:
        places = db.execute("SELECT districts, voters FROM place WHERE voters > 0").fetchall()
    wanted = districts.items()
    return sum(voters for text, voters in places if wanted <= json.loads(text).items())


def voter_row(state: str, found: Any) -> VoterRow:
    """Return a row of COLUMNS as a voter."""
    values = dict(zip(VOTER_COLUMNS, found, strict=True))
    values["registered"] = bool(values["registered"])
    values["districts"] = json.loads(values["districts"])
    return VoterRow(state=state, **values)
