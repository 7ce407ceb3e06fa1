"""Read voters of the live rolls, checked against suppression: the interface for the apps above."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.matching import STORED_FIELDS, VoterRecord
from apps.matching.normalize import names
from apps.matching.normalize.places import state as state_code

from . import suppression
from .loading.store import last_key
from .models import LiveRoll, Snapshot
from .snapshot_files import live_snapshot, live_snapshots, snapshot_db

__all__ = [
    "VoterRow",
    "birth_dates",
    "get_own_voter",
    "get_voter",
    "get_voter_in_snapshot",
    "get_voters_in_snapshot",
    "live_generation",
    "live_snapshot",
    "live_snapshots",
    "unregistered_voters",
    "voter_names",
]

NAMES_PER_QUERY: Final = 500
SELECT_COLUMNS: Final = ", ".join((*STORED_FIELDS, "status", "registered", "mailing_address", "county", "districts"))

BIRTH_DATE_SAMPLE: Final = 1_000  # voters


@dataclass(frozen=True)
class VoterRow:
    """A voter on the live roll, without phone and email. For decisions and for staff; never shown to a member as is.

    `districts`: layer to OCD id.
    """

    state: str
    record: VoterRecord
    registered: bool
    mailing_address: str
    county: str
    districts: Mapping[str, str]

    def __repr__(self) -> str:
        return "VoterRow(…)"  # keeps personal data out of tracebacks and logs


def get_voter(state: str, voter_id: str) -> VoterRow | None:
    """Return a voter of the live roll; None if there is no such voter, or if they are suppressed."""
    state = state_code(state) if state else ""
    snapshot = live_snapshot(state)
    if snapshot is None or suppression.is_suppressed(state, voter_id):
        return None
    return get_voter_in_snapshot(snapshot, voter_id)


def get_own_voter(state: str, voter_id: str) -> VoterRow | None:
    """Return a voter of the live roll for the voter's own lookup; None if there is no such voter, or if withdrawn.

    A suppression that the person requested hides the row from everyone else, not from the voter.
    """
    state = state_code(state) if state else ""
    snapshot = live_snapshot(state)
    if snapshot is None or suppression.withdrawn_voters([(state, voter_id)]):
        return None
    return get_voter_in_snapshot(snapshot, voter_id)


def get_voters_in_snapshot(snapshot: Snapshot, voter_ids: Collection[str]) -> list[VoterRow]:
    """Return voters of one snapshot, registered or not; the caller must check suppression."""
    marks = ",".join("?" * len(voter_ids))
    query = (
        f"SELECT {SELECT_COLUMNS} FROM voter JOIN place ON place.id = voter.place "  # noqa: S608
        f"WHERE voter_id IN ({marks})"
    )
    with snapshot_db(snapshot) as db:
        return [_voter_row(snapshot.state, values) for values in db.execute(query, tuple(voter_ids))]


def unregistered_voters(snapshot: Snapshot, last_name: str, most: int) -> list[VoterRow]:
    """Return removed and denied voters of a last name, who are in no index; the caller must check suppression."""
    query = (
        f"SELECT {SELECT_COLUMNS} FROM voter JOIN place ON place.id = voter.place "  # noqa: S608
        "WHERE registered = 0 AND last_key = ? LIMIT ?"
    )
    with snapshot_db(snapshot) as db:
        return [_voter_row(snapshot.state, values) for values in db.execute(query, (last_key(last_name), most))]


def birth_dates(snapshot: Snapshot) -> str:
    """Return what a roll has of birth dates: `full`, `year` or `none`, as most of its first voters have it."""
    query = "SELECT count(*), sum(dob <> ''), sum(birth_year <> '') FROM (SELECT dob, birth_year FROM voter LIMIT ?)"
    with snapshot_db(snapshot) as db:
        count, dates, years = db.execute(query, (BIRTH_DATE_SAMPLE,)).fetchone()
    if 2 * (dates or 0) > count:
        return "full"
    return "year" if 2 * (years or 0) > count else "none"


def get_voter_in_snapshot(snapshot: Snapshot, voter_id: str) -> VoterRow | None:
    """Return a voter of one snapshot; the caller must check suppression."""
    query = f"SELECT {SELECT_COLUMNS} FROM voter JOIN place ON place.id = voter.place WHERE voter_id = ?"  # noqa: S608
    with snapshot_db(snapshot) as db:
        values = db.execute(query, (voter_id,)).fetchone()
    return _voter_row(snapshot.state, values) if values else None


def voter_names(voters: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the normalized first and last name of many voters (state, voter id) of the live rolls.

    For counting lookups per name; the caller must check suppression, and never shows a name.
    """
    ids: dict[str, list[str]] = {}
    for state, voter_id in voters:
        ids.setdefault(state, []).append(voter_id)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for state, snapshot in live_snapshots().items():
        with snapshot_db(snapshot) as db:
            own = ids.get(state, [])
            for batch in (own[at : at + NAMES_PER_QUERY] for at in range(0, len(own), NAMES_PER_QUERY)):
                marks = ",".join("?" * len(batch))
                query = f"SELECT voter_id, first_name, last_name FROM voter WHERE voter_id IN ({marks})"  # noqa: S608
                for voter_id, first, last in db.execute(query, batch):
                    found[state, voter_id] = names.given(first), names.surname(last)[0]
    return found


def live_generation(snapshot_id: int) -> int:
    """Return the number of the swap that made a snapshot live; 0 if it is not live."""
    live_roll = LiveRoll.objects.filter(snapshot_id=snapshot_id).first()
    return live_roll.generation if live_roll else 0


def _voter_row(state: str, values: Sequence[Any]) -> VoterRow:  # Any: SQLite's columns are of several types
    *fields, status, registered, mailing_address, county, districts = values
    record = VoterRecord(*fields)._replace(status=status)
    return VoterRow(state, record, bool(registered), mailing_address, county, json.loads(districts))
