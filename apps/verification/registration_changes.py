"""Detects what a new roll changed in a member's record: kinds of change by short keyed hashes, counted for staff."""

from typing import Final

from django.conf import settings
from django.db.models import F

from apps.core.crypto import keyed_hash
from apps.voters.rolls import VoterRow

from .models import RollChangeCount

BYTES_PER_KIND: Final = 8
CHANGE_KINDS: Final = ("status", "address", "district", "precinct")
GONE: Final = "gone"
LISTED: Final = "listed"


def row_fingerprint(row: VoterRow) -> bytes:
    """Return the stored fingerprint of a row: `BYTES_PER_KIND` bytes of keyed hash per kind of change."""
    precinct = {layer: ocd_id for layer, ocd_id in row.districts.items() if layer == "precinct"}
    wider = {layer: ocd_id for layer, ocd_id in row.districts.items() if layer != "precinct"}
    voter = row.record
    address = f"{voter.address}\n{voter.city}\n{voter.zip}"
    values = (voter.status, address, _districts_text(wider), _districts_text(precinct))
    own = (row.state, voter.voter_id)
    return b"".join(
        keyed_hash(settings.LOOKUP_KEY, "row fingerprint", kind, *own, value)[:BYTES_PER_KIND]
        for kind, value in zip(CHANGE_KINDS, values, strict=True)
    )


def _districts_text(districts: dict[str, str]) -> str:
    return ",".join(f"{layer}={ocd_id}" for layer, ocd_id in sorted(districts.items()))


def changed_kinds(before: bytes, after: bytes) -> set[str]:
    """Return the kinds of change between two fingerprints; an unlisted record has an empty one."""
    if not before or not after:
        return set() if before == after else {LISTED if after else GONE}
    starts = range(0, BYTES_PER_KIND * len(CHANGE_KINDS), BYTES_PER_KIND)
    parts = [slice(start, start + BYTES_PER_KIND) for start in starts]
    return {kind for kind, part in zip(CHANGE_KINDS, parts, strict=True) if before[part] != after[part]}


def count_change(snapshot_id: int, changed: set[str]) -> None:
    """Count one member's notice of a snapshot, or the kinds of change that a lookup showed, in a transaction."""
    for kind in sorted(changed or {"notified"}):
        RollChangeCount.objects.get_or_create(snapshot_id=snapshot_id, kind=kind)
        RollChangeCount.objects.filter(snapshot_id=snapshot_id, kind=kind).update(number=F("number") + 1)


def change_counts(snapshot_id: int) -> dict[str, int]:
    """Return how many members were notified of a snapshot's changes, in total (`notified`) and by kind."""
    return dict(RollChangeCount.objects.filter(snapshot_id=snapshot_id).values_list("kind", "number"))
