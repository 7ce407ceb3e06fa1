"""The part of the stewards' search that all backends share: parsing the query and matching rows of a roll.

A server returns row numbers only. Each row is read from the live roll and compared again, so that every backend
returns the same voters in the same order: by state, last name, first name, and row number.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Final

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
_COLUMNS: Final = ", ".join([f.name for f in fields(VoterHit) if f.name != "state"] + ["substr(dob, 1, 4)", "last_key"])


@dataclass(frozen=True)
class SearchCriteria:
    """A steward's query in normalized form; an empty text does not restrict the search."""

    last: str
    first: str
    city: str
    zip: str
    year: str
    status: str
    state: str

    def __repr__(self) -> str:
        return "SearchCriteria(…)"


def parse_criteria(query: Mapping[str, str]) -> SearchCriteria:
    """Return a steward's input in normalized form; raise BadInput for a last name shorter than two letters."""
    values = {name: " ".join(query.get(name, "").split())[:MAX_INPUT_LENGTH] for name in QUERY_FIELDS}
    last = last_key(values["last_name"])
    if len(last) < MIN_NAME_LENGTH:
        raise BadInput("Type at least two letters of the last name.")
    return SearchCriteria(
        last=last,
        first=fold(values["first_name"]),
        city=places.city(values["city"]) if values["city"] else "",
        zip=str(places.zip_code(values["zip"])) if values["zip"] else "",
        year=values["birth_year"],
        status=values["status"],
        state=places.state(values["state"]) if values["state"] else "",
    )


def snapshots_to_search(criteria: SearchCriteria, snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Return the snapshots of the states searched, in the order of the states."""
    return sorted((s for s in snapshots if criteria.state in ("", s.state)), key=lambda s: s.state)


def hits_by_name(snapshot: Snapshot, criteria: SearchCriteria) -> Iterator[VoterHit]:
    """Yield a snapshot's voters who match, in the order of its name index."""
    beginning = "last_key >= ? AND last_key < ? ORDER BY last_key, first_name, rowid"
    query = f"SELECT {_COLUMNS} FROM voter WHERE {beginning}"  # noqa: S608 - column names are constants
    with snapshot_files.snapshot_db(snapshot) as db:
        for values in db.execute(query, (criteria.last, criteria.last + "~")):
            if _matches(values, criteria):
                yield _hit(snapshot.state, values)


def hits_by_row(snapshot: Snapshot, criteria: SearchCriteria, rows: Sequence[int]) -> Iterator[VoterHit]:
    """Yield the voters of some rows who match, in the order of `rows`."""
    query = f"SELECT rowid, {_COLUMNS} FROM voter WHERE rowid IN ({','.join('?' * len(rows))})"  # noqa: S608
    with snapshot_files.snapshot_db(snapshot) as db:
        values_by_row = {values[0]: values[1:] for values in db.execute(query, tuple(rows))}
    for row in rows:
        values = values_by_row.get(row)
        if values and _matches(values, criteria):
            yield _hit(snapshot.state, values)


def _matches(values: Sequence[str], criteria: SearchCriteria) -> bool:
    return (
        values[10].startswith(criteria.last)
        and fold(values[1]).startswith(criteria.first)
        and (not criteria.city or places.city(values[5]) == criteria.city)
        and (not criteria.zip or str(places.zip_code(values[6])) == criteria.zip)
        and criteria.year in ("", values[7] or values[9])
        and criteria.status in ("", values[8])
    )


def _hit(state: str, values: Sequence[str]) -> VoterHit:
    *columns, dob_year, _ = values
    hit = VoterHit(state, *columns)
    return hit if hit.birth_year else replace(hit, birth_year=dob_year)


def unsuppressed_hits(hits: Iterator[VoterHit], limit: int) -> list[VoterHit]:
    """Return at most `limit` hits, without suppressed voters."""
    visible: list[VoterHit] = []
    while len(visible) < limit and (batch := list(islice(hits, BATCH_SIZE))):
        suppressed = suppression.suppressed_voters((hit.state, hit.voter_id) for hit in batch)
        visible += [hit for hit in batch if (hit.state, hit.voter_id) not in suppressed]
    return visible[:limit]


def highlight_prefix(name: str, query: str, normalize: Callable[[str], str]) -> list[Piece]:
    """Return a name in pieces, its prefix that matches `query` marked; both are compared through `normalize`."""
    prefix = normalize(query)
    if not prefix or not normalize(name).startswith(prefix):
        return [Piece(name, False)]
    end = next(end for end in range(1, len(name) + 1) if normalize(name[:end]).startswith(prefix))
    return [piece for piece in (Piece(name[:end], True), Piece(name[end:], False)) if piece.text]


def highlighted_names(hit: VoterHit, query: Mapping[str, str]) -> dict[str, list[Piece]]:
    """Return a hit's first and last name in pieces, with the matching prefixes marked."""
    return {
        "first_name": highlight_prefix(hit.first_name, query.get("first_name", ""), fold),
        "last_name": highlight_prefix(hit.last_name, query.get("last_name", ""), last_key),
    }
