"""Building the matching index of a snapshot again from its own rows, where its files are damaged or gone."""

import shutil
from collections.abc import Iterator
from typing import Final

from apps.core.log import get_logger
from apps.matching import IndexBuilder, IndexDamaged, VoterRecord, open_index

from .. import snapshot_files, snapshots
from ..certify import certify_snapshot
from ..models import Snapshot
from .store import INDEX_FOLDER

log = get_logger(__name__)
# The fields of a VoterRecord that a snapshot's file holds; phones and mail addresses are only in the index.
_QUERY: Final = (
    "SELECT voter_id, first_name, middle_name, last_name, suffix, dob, birth_year, sex, address, city, zip "
    "FROM voter WHERE registered = 1 ORDER BY rowid"
)


def find_damage(snapshot: Snapshot, *, whole: bool = False) -> str:
    """Return which file of a snapshot's index is damaged and how; empty where it is sound.

    Sizes are compared, with `whole` every byte.
    """
    try:
        open_index(snapshot.path / INDEX_FOLDER, verify=whole)
    except IndexDamaged as error:
        return str(error)
    return ""


def rebuild_index(snapshot: Snapshot) -> None:
    """Build the index again and put it in the place of the damaged one.

    Where the roll was loaded with phones or mail addresses, those help again after its next load: no copy of them is
    kept beside the index. Raises Refused while a roll is loaded, and where the snapshot's own rows are gone.
    """
    with snapshots.load_lock(), snapshot_files.snapshot_db(snapshot) as rows:
        made = snapshot.path / f"{INDEX_FOLDER}.made"
        shutil.rmtree(made, ignore_errors=True)
        with IndexBuilder(made, state=snapshot.state) as builder:
            builder.add(_records(rows.execute(_QUERY)))
            builder.finish()
        snapshot.hash = open_index(made).snapshot
        shutil.rmtree(snapshot.path / INDEX_FOLDER, ignore_errors=True)
        made.replace(snapshot.path / INDEX_FOLDER)
        snapshot.save(update_fields=["hash"])
    certify_snapshot(snapshot)  # the certificate lay with the index
    log.warning("voter_index.rebuilt", state=snapshot.state, snapshot_id=snapshot.pk, count=builder.voters)


def _records(rows: Iterator[tuple[str, ...]]) -> Iterator[VoterRecord]:
    return (VoterRecord(*row) for row in rows)
