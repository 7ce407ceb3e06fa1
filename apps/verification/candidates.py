"""The rows of the live rolls that a look-up compares: the index's candidates, removed voters, a typed number.

The number of statements to the database never depends on who is on a roll.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from apps.voters import rolls, suppression
from apps.voters.models import Snapshot
from apps.voters.rolls import VoterRow
from apps.voters.search.base import VoterKey, voter_index

from .disclosure import normal_number
from .query import VoterQuery

# Removed and denied voters of one last name who are compared at most.
MOST_REMOVED: Final = 200
# SQLite allows 32,766 parameters; a batch of a list has up to 100 candidates a row.
IDS_PER_STATEMENT: Final = 4_000


def candidate_rows(query: VoterQuery) -> list[VoterRow]:
    """Return the rows that the query may concern, without withdrawn voters. Earlier rolls are never read."""
    live = rolls.live_snapshots()
    rows = {(row.state, row.record.voter_id): row for row in _rows(query, live.values())}
    withdrawn = suppression.withdrawn_voters(rows)
    return [row for voter, row in rows.items() if voter not in withdrawn]


def rows_of_people(queries: Sequence[VoterQuery]) -> list[list[VoterRow]]:
    """Return for each query of a partner's list its registered candidates, without suppressed voters."""
    keys = [voter_index().candidates(query.person) for query in queries]
    rows: dict[VoterKey, VoterRow] = {}
    for state, snapshot in rolls.live_snapshots().items():
        voter_ids = sorted({voter_id for found in keys for key_state, voter_id in found if key_state == state})
        for start in range(0, len(voter_ids), IDS_PER_STATEMENT):
            some = rolls.get_voters_in_snapshot(snapshot, voter_ids[start : start + IDS_PER_STATEMENT])
            rows |= {(row.state, row.record.voter_id): row for row in some if row.registered}
    hidden = suppression.suppressed_voters(rows)
    return [[rows[key] for key in found if key in rows and key not in hidden] for found in keys]


def _rows(query: VoterQuery, live: Iterable[Snapshot]) -> Iterable[VoterRow]:
    found: list[VoterKey] = voter_index().candidates(query.person)
    for snapshot in live:
        yield from rolls.get_voters_in_snapshot(
            snapshot, [voter_id for state, voter_id in found if state == snapshot.state]
        )
        yield from rolls.unregistered_voters(snapshot, query.last_name, MOST_REMOVED)
        if query.voter_number:
            typed = query.voter_number.strip()
            yield from rolls.get_voters_in_snapshot(snapshot, {typed, typed.upper(), normal_number(typed)})
