"""A voter as Elasticsearch holds it: keys to be found by, the packed values to compare, and what stewards search."""

import sqlite3
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from apps.matching.index import VoterIndex, packed
from apps.matching.normalize import places
from apps.matching.normalize.text import fold

from ... import snapshot_files
from ...models import Snapshot, Suppression
from ...suppression_keys import suppression_key

MAPPING: Final[dict[str, Any]] = {
    "dynamic": False,
    # Nothing is read back but the packed values, and these come from their column.
    "_source": {"enabled": False},
    "properties": {
        "keys": {"type": "keyword", "norms": False, "doc_values": False},
        "voter": {"type": "binary", "doc_values": True},
        "last": {"type": "keyword", "norms": False, "doc_values": False},
        "first": {"type": "keyword", "norms": False, "doc_values": False},
        "city": {"type": "keyword", "norms": False, "doc_values": False},
        "zip": {"type": "keyword", "norms": False, "doc_values": False},
        "year": {"type": "keyword", "norms": False, "doc_values": False},
        "status": {"type": "keyword", "norms": False, "doc_values": False},
        # last_key and first name: the order of stewards' hits; and the voter's row in the snapshot's file.
        "order": {"type": "keyword", "index": False, "doc_values": True},
        "row": {"type": "long", "index": False, "doc_values": True},
    },
}
_COLUMNS: Final = "rowid, voter_id, last_key, first_name, city, zip, birth_year, substr(dob, 1, 4), status"
BATCH_SIZE: Final = 500


class SearchableRow(NamedTuple):
    """What of a snapshot's row is searched."""

    rowid: int
    voter_id: str
    last_key: str
    first_name: str
    city: str
    zip: str
    birth_year: str
    dob_year: str
    status: str

    def fields(self) -> dict[str, str | int]:
        """The searched fields, in the forms that the embedded search compares."""
        return {
            "last": self.last_key,
            "first": fold(self.first_name),
            "city": places.city(self.city),
            "zip": str(places.zip_code(self.zip)),
            "year": self.birth_year or self.dob_year,
            "status": self.status,
            "order": f"{self.last_key}\x1f{self.first_name}",
            "row": self.rowid,
        }


class Document(NamedTuple):
    """A document, its id, and where a load goes on after it.

    The id is the keyed hash by which a protected voter is known, so that one can be dropped by it.
    """

    id: str
    fields: dict[str, Any]
    after: int


def registered_documents(snapshot: Snapshot, index: VoterIndex, first: int, end: int) -> list[Document]:
    """Return the documents of the index's rows `first` to `end`; who has no row in the snapshot has no document.

    Who is protected by the app's own list is still among them: see `protected`.
    """
    found = list(packed(index, first, end))
    rows = {row.voter_id: row for row in _rows_by_ids(snapshot, [p.voter_id for p in found])}
    return [
        Document(
            document_id(snapshot.state, p.voter_id),
            {"keys": p.keys, "voter": b64encode(p.body).decode()} | rows[p.voter_id].fields(),
            p.row + 1,
        )
        for p in found
        if p.voter_id in rows
    ]


def unregistered_documents(snapshot: Snapshot, voters: int, after: int, count: int) -> list[Document]:
    """Return documents of voters who are on the roll and not registered: stewards find them, no match does.

    Takes up to `count` rows after the row number `after`. A load counts these rows on from the index's `voters`.
    """
    query = f"SELECT {_COLUMNS} FROM voter WHERE registered = 0 AND rowid > ? ORDER BY rowid LIMIT ?"  # noqa: S608
    with snapshot_files.snapshot_db(snapshot) as db:
        rows = [SearchableRow(*values) for values in db.execute(query, (after, count))]
    return [Document(document_id(snapshot.state, row.voter_id), row.fields(), voters + row.rowid) for row in rows]


def _rows_by_ids(snapshot: Snapshot, ids: Sequence[str]) -> Iterator[SearchableRow]:
    with snapshot_files.snapshot_db(snapshot) as db:
        for at in range(0, len(ids), BATCH_SIZE):
            yield from _select_rows(db, ids[at : at + BATCH_SIZE])


def _select_rows(db: sqlite3.Connection, ids: Sequence[str]) -> Iterator[SearchableRow]:
    marks = ",".join("?" * len(ids))
    query = f"SELECT {_COLUMNS} FROM voter WHERE registered = 1 AND voter_id IN ({marks})"  # noqa: S608
    return (SearchableRow(*values) for values in db.execute(query, ids))


def suppressed_ids(ids: Iterable[str]) -> set[str]:
    """Return which of these documents' voters are protected."""
    if not Suppression.objects.exists():
        return set()
    wanted, found = [bytes.fromhex(each) for each in ids], set()
    for at in range(0, len(wanted), BATCH_SIZE):
        rows = Suppression.objects.filter(key_hash__in=wanted[at : at + BATCH_SIZE])
        found |= {bytes(row).hex() for row in rows.values_list("key_hash", flat=True)}
    return found


def document_id(state: str, voter_id: str) -> str:
    """Return the id of a voter's document."""
    return suppression_key(state, voter_id).hex()
