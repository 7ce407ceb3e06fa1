"""Compare an index with its snapshot, and delete suppressed voters from every index."""

from base64 import b64decode
from collections.abc import Sequence
from random import Random
from typing import Any, Final

from apps.matching import open_index

from ... import snapshot_files
from ...loading.store import INDEX_FOLDER
from ...models import Snapshot, Suppression
from . import documents
from .server import Server

SAMPLE_STRETCHES: Final = 20
STRETCH_ROWS: Final = 10
BATCH_SIZE: Final = 500


def count_differences(server: Server, index: str, snapshot: Snapshot) -> int:
    """Return by how many voters an index differs, by count and by a fresh sample of 200 voters."""
    sample = _sample(snapshot)
    with server.background_client() as client:
        client.indices.refresh(index=index)
        count = int(client.count(index=index)["count"])
        response = client.search(
            index=index,
            query={"ids": {"values": [document.id for document in sample]}},
            docvalue_fields=[{"field": name} for name in ("voter", "order", "row")],
            size=len(sample) or 1,
        )
    indexed = {hit["_id"]: hit.get("fields", {}) for hit in response["hits"]["hits"]}
    differing = sum(not _is_same(document.fields, indexed.get(document.id)) for document in sample)
    expected, suppressed = _count_rows(snapshot), Suppression.objects.count()
    # How many suppressed voters are on this roll is unknown: only keyed hashes are stored.
    outside = max(0, count - expected, expected - suppressed - count)
    return outside + differing


def _sample(snapshot: Snapshot) -> list[documents.Document]:
    index = open_index(snapshot.path / INDEX_FOLDER)
    rng = Random()
    firsts = sorted({rng.randrange(max(1, index.voters - STRETCH_ROWS + 1)) for _ in range(SAMPLE_STRETCHES)})
    stretches = [(first, min(first + STRETCH_ROWS, index.voters)) for first in firsts]
    sample = {
        document.id: document
        for first, end in stretches
        for document in documents.registered_documents(snapshot, index, first, end)
    }
    suppressed = documents.suppressed_ids(sample)
    return [document for document in sample.values() if document.id not in suppressed]


def _is_same(expected: dict[str, Any], indexed: dict[str, Any] | None) -> bool:
    if indexed is None:
        return False
    values = {name: (indexed.get(name) or [None])[0] for name in ("voter", "order", "row")}
    same_voter = b64decode(values["voter"] or "") == b64decode(expected["voter"])
    return same_voter and all(values[name] == expected[name] for name in ("order", "row"))


def _count_rows(snapshot: Snapshot) -> int:
    with snapshot_files.snapshot_db(snapshot) as db:
        return int(db.execute("SELECT count(*) FROM voter").fetchone()[0])


def delete_documents(server: Server, pattern: str, ids: Sequence[str]) -> int:
    """Delete documents by id from every index of a pattern, refresh the indexes, and return how many were deleted."""
    deleted = 0
    with server.background_client() as client:
        for name in client.options(ignore_status=404).indices.get_alias(index=pattern):
            for at in range(0, len(ids), BATCH_SIZE):
                actions = [
                    {"delete": {"_index": name, "_id": document_id}} for document_id in ids[at : at + BATCH_SIZE]
                ]
                response = client.bulk(operations=actions, filter_path=["items.delete.result"])
                results = [item["delete"].get("result") for item in response.get("items", [])]
                deleted += results.count("deleted")
            client.indices.refresh(index=name)
    return deleted
