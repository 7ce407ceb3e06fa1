"""Rebuild a snapshot's matching index from its own rows if index files are damaged or missing."""

import shutil
from typing import Final

from apps.core.log import get_logger
from apps.matching import STORED_FIELDS, IndexBuilder, IndexDamaged, VoterRecord, open_index

from .. import snapshot_files, snapshots
from ..certify import certify_snapshot
from ..models import Snapshot
from .store import INDEX_FOLDER

log = get_logger(__name__)
_QUERY: Final = f"SELECT {', '.join(STORED_FIELDS)} FROM voter WHERE registered = 1 ORDER BY rowid"  # noqa: S608 - constant names


def find_damage(snapshot: Snapshot, *, whole: bool = False) -> str:
    """Return which file of a snapshot's index is damaged and how; empty if the index is intact.

    Compares the files' sizes; with `whole`, every byte.
    """
    try:
        open_index(snapshot.path / INDEX_FOLDER, verify=whole)
    except IndexDamaged as error:
        return str(error)
    return ""


def rebuild_index(snapshot: Snapshot) -> None:
    """Build a new index and replace the damaged one with it.

    Phone numbers and email addresses are lost until the roll is loaded again: only the index has them. Raises Refused
    while a roll is being loaded, and if the snapshot's file is missing.
    """
    with snapshots.load_lock(), snapshot_files.snapshot_db(snapshot) as rows:
        rebuilt = snapshot.path / f"{INDEX_FOLDER}.made"
        shutil.rmtree(rebuilt, ignore_errors=True)
        with IndexBuilder(rebuilt, state=snapshot.state) as builder:
            builder.add(VoterRecord(*row) for row in rows.execute(_QUERY))
            builder.finish()
        snapshot.hash = open_index(rebuilt).snapshot
        shutil.rmtree(snapshot.path / INDEX_FOLDER, ignore_errors=True)
        rebuilt.replace(snapshot.path / INDEX_FOLDER)
        snapshot.save(update_fields=["hash"])
    certify_snapshot(snapshot)  # the certificate is stored with the index
    log.warning("voter_index.rebuilt", state=snapshot.state, snapshot_id=snapshot.pk, count=builder.voters)
