"""A voter's document in Elasticsearch: blocking keys, packed values to compare, and the fields that stewards search."""

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
    # Only the packed values are read back, from their doc values.
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
        # `order` sorts stewards' hits by last_key and first name; `row` is the voter's row in the snapshot's file.
        "order": {"type": "keyword", "index": False, "doc_values": True},
        "row": {"type": "long", "index": False, "doc_values": True},
    },
}
BATCH_SIZE: Final = 500


class SearchableRow(NamedTuple):
    """The columns of a snapshot's row that the stewards' search reads."""

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
        """Return the searched fields, normalized as the embedded search compares them."""
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


_COLUMNS: Final = ", ".join(SearchableRow._fields).replace("dob_year", "substr(dob, 1, 4)")


class Document(NamedTuple):
    """A document, its id, and the row at which a load resumes after it.

    The id is the voter's suppression key, so that a suppressed voter can be deleted by it.
    """

    id: str
    fields: dict[str, Any]
    next_row: int


def registered_documents(snapshot: Snapshot, index: VoterIndex, first: int, end: int) -> list[Document]:
    """Return the documents of the index's rows `first` to `end`, without voters who have no row in the snapshot.

    Includes voters on the app's suppression list: see `suppressed_ids`.
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
    """Return documents of voters on the roll who are not registered: for the stewards' search, not for matching.

    Reads up to `count` rows after row number `after`. A load numbers these rows from the index's `voters` on.
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
    """Return the ids of the documents whose voters are suppressed."""
    if not Suppression.objects.exists():
        return set()
    hashes, suppressed = [bytes.fromhex(document_id) for document_id in ids], set()
    for start in range(0, len(hashes), BATCH_SIZE):
        rows = Suppression.objects.filter(key_hash__in=hashes[start : start + BATCH_SIZE])
        suppressed |= {bytes(row).hex() for row in rows.values_list("key_hash", flat=True)}
    return suppressed


def document_id(state: str, voter_id: str) -> str:
    """Return the id of a voter's document."""
    return suppression_key(state, voter_id).hex()
