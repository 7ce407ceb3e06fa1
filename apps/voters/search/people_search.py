"""What every stewards' search shares: how a question is read, and which row of a roll fits it.

A server only names rows; each is read from the live roll and compared once more, so that all backends give the same
voters in the same order: by state, last name, first name, and place in the roll.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from apps.core.errors import BadInput
from apps.matching.normalize import places
from apps.matching.normalize.text import fold
from apps.sitesearch.highlight import Piece

from .. import snapshot_files, suppression
from ..loading.store import last_key
from ..models import Snapshot
from .base import VoterHit

MIN_NAME_LENGTH: Final = 2
MAX_INPUT_LENGTH: Final = 100
QUERY_FIELDS: Final = ("first_name", "last_name", "city", "zip", "birth_year", "state", "status")
BATCH_SIZE: Final = 100
_COLUMNS: Final = (
    "voter_id, first_name, middle_name, last_name, suffix, city, zip, birth_year, status, substr(dob, 1, 4), last_key"
)


@dataclass(frozen=True)
class SearchCriteria:
    """A question in normal forms; an empty text asks for nothing."""

    last: str
    first: str
    city: str
    zip: str
    year: str
    status: str
    state: str

    def __repr__(self) -> str:
        return "Wanted(…)"


def parse_criteria(query: Mapping[str, str]) -> SearchCriteria:
    """Return the normal form of what a steward typed; there are no wildcards. Raises BadInput for a short name."""
    typed = {name: " ".join(query.get(name, "").split())[:MAX_INPUT_LENGTH] for name in QUERY_FIELDS}
    last = last_key(typed["last_name"])
    if len(last) < MIN_NAME_LENGTH:
        raise BadInput("Type at least two letters of the last name.")
    return SearchCriteria(
        last=last,
        first=fold(typed["first_name"]),
        city=places.city(typed["city"]) if typed["city"] else "",
        zip=str(places.zip_code(typed["zip"])) if typed["zip"] else "",
        year=typed["birth_year"],
        status=typed["status"],
        state=places.state(typed["state"]) if typed["state"] else "",
    )


def snapshots_to_search(wanted: SearchCriteria, snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Return the snapshots that a question goes to, in the order of their states."""
    return sorted((s for s in snapshots if wanted.state in ("", s.state)), key=lambda s: s.state)


def hits_by_name(snapshot: Snapshot, wanted: SearchCriteria) -> Iterator[VoterHit]:
    """Yield a snapshot's voters who fit, read along its index of names."""
    beginning = "last_key >= ? AND last_key < ? ORDER BY last_key, first_name, rowid"
    query = f"SELECT {_COLUMNS} FROM voter WHERE {beginning}"  # noqa: S608 - every value is bound
    with snapshot_files.snapshot_db(snapshot) as db:
        for values in db.execute(query, (wanted.last, wanted.last + "~")):
            if _matches(values, wanted):
                yield _hit(snapshot.state, values)


def hits_by_row(snapshot: Snapshot, wanted: SearchCriteria, rows: Sequence[int]) -> Iterator[VoterHit]:
    """Yield the voters of some rows who fit, in the order of the rows given."""
    query = f"SELECT rowid, {_COLUMNS} FROM voter WHERE rowid IN ({','.join('?' * len(rows))})"  # noqa: S608
    with snapshot_files.snapshot_db(snapshot) as db:
        found = {values[0]: values[1:] for values in _fetch_rows(db, query, rows)}
    for row in rows:
        if row in found and _matches(found[row], wanted):
            yield _hit(snapshot.state, found[row])


def _fetch_rows(db: sqlite3.Connection, query: str, rows: Sequence[int]) -> list[Any]:
    return db.execute(query, tuple(rows)).fetchall()


def _matches(values: Sequence[str], wanted: SearchCriteria) -> bool:
    return (
        values[10].startswith(wanted.last)
        and fold(values[1]).startswith(wanted.first)
        and (not wanted.city or places.city(values[5]) == wanted.city)
        and (not wanted.zip or str(places.zip_code(values[6])) == wanted.zip)
        and wanted.year in ("", values[7] or values[9])
        and wanted.status in ("", values[8])
    )


def _hit(state: str, values: Sequence[str]) -> VoterHit:
    voter_id, first, middle, last, suffix, city, zip_code, year, status, dob_year, _ = values
    return VoterHit(state, voter_id, first, middle, last, suffix, city, zip_code, year or dob_year, status)


def unsuppressed_hits(hits: Iterator[VoterHit], limit: int) -> list[VoterHit]:
    """Return at most `limit` hits; whoever is protected is left out."""
    found: list[VoterHit] = []
    while len(found) < limit and (some := list(islice(hits, BATCH_SIZE))):
        protected = suppression.suppressed_voters((hit.state, hit.voter_id) for hit in some)
        found += [hit for hit in some if (hit.state, hit.voter_id) not in protected]
    return found[:limit]


def highlight_prefix(name: str, typed: str, letters: Callable[[str], str]) -> list[Piece]:
    """Return a name in pieces, with the beginning marked that fits what was typed; `letters` is how both compare."""
    wanted = letters(typed)
    if not wanted or not letters(name).startswith(wanted):
        return [Piece(name, False)]
    end = next(end for end in range(1, len(name) + 1) if letters(name[:end]).startswith(wanted))
    return [piece for piece in (Piece(name[:end], True), Piece(name[end:], False)) if piece.text]


def highlighted_names(hit: VoterHit, query: Mapping[str, str]) -> dict[str, list[Piece]]:
    """Return a hit's names in pieces."""
    return {
        "first_name": highlight_prefix(hit.first_name, query.get("first_name", ""), fold),
        "last_name": highlight_prefix(hit.last_name, query.get("last_name", ""), last_key),
    }
