"""Whether an index still holds what its snapshot holds; and dropping who is protected now."""

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

SAMPLE_STRETCHES: Final = 20  # stretches of rows
STRETCH_ROWS: Final = 10
BATCH_SIZE: Final = 500


def count_differences(server: Server, index: str, snapshot: Snapshot) -> int:
    """Return by how many voters an index differs, as far as a count and a fresh sample of 200 voters tell."""
    sample = _sample(snapshot)
    with server.work() as client:
        client.indices.refresh(index=index)
        count = int(client.count(index=index)["count"])
        answer = client.search(
            index=index,
            query={"ids": {"values": [each.id for each in sample]}},
            docvalue_fields=[{"field": name} for name in ("voter", "order", "row")],
            size=len(sample) or 1,
        )
    held = {hit["_id"]: hit.get("fields", {}) for hit in answer["hits"]["hits"]}
    differing = sum(not _is_same(each.fields, held.get(each.id)) for each in sample)
    expected, protected = _count_rows(snapshot), Suppression.objects.count()
    # Who is protected and on this roll is not counted anywhere: a keyed hash alone is kept.
    outside = max(0, count - expected, expected - protected - count)
    return outside + differing


def _sample(snapshot: Snapshot) -> list[documents.Document]:
    voters = open_index(snapshot.path / INDEX_FOLDER)
    rng = Random()
    firsts = sorted({rng.randrange(max(1, voters.voters - STRETCH_ROWS + 1)) for _ in range(SAMPLE_STRETCHES)})
    stretches = [(first, min(first + STRETCH_ROWS, voters.voters)) for first in firsts]
    found = {
        each.id: each
        for first, end in stretches
        for each in documents.registered_documents(snapshot, voters, first, end)
    }
    hidden = documents.suppressed_ids(found)
    return [each for each in found.values() if each.id not in hidden]


def _is_same(wanted: dict[str, Any], held: dict[str, Any] | None) -> bool:
    if held is None:
        return False
    values = {name: (held.get(name) or [None])[0] for name in ("voter", "order", "row")}
    same_voter = b64decode(values["voter"] or "") == b64decode(wanted["voter"])
    return same_voter and all(values[name] == wanted[name] for name in ("order", "row"))


def _count_rows(snapshot: Snapshot) -> int:
    with snapshot_files.snapshot_db(snapshot) as db:
        return int(db.execute("SELECT count(*) FROM voter").fetchone()[0])


def delete_documents(server: Server, pattern: str, ids: Sequence[str]) -> int:
    """Drop documents by their ids out of every index of a pattern, and from what is being read; returns how many."""
    dropped = 0
    with server.work() as client:
        for name in client.options(ignore_status=404).indices.get_alias(index=pattern):
            for at in range(0, len(ids), BATCH_SIZE):
                actions = [{"delete": {"_index": name, "_id": each}} for each in ids[at : at + BATCH_SIZE]]
                answer = client.bulk(operations=actions, filter_path=["items.delete.result"])
                results = [item["delete"].get("result") for item in answer.get("items", [])]
                dropped += results.count("deleted")
            client.indices.refresh(index=name)
    return dropped
