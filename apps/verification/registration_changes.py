"""What a new roll changed for a member: by kinds, told apart by short keyed hashes, counted for staff."""

from typing import Final

from django.conf import settings
from django.db.models import F

from apps.core.crypto import keyed_hash
from apps.voters.rolls import VoterRow

from .models import Claim, WatchCount

LENGTH: Final = 8  # bytes a kind
KINDS: Final = ("status", "address", "district", "precinct")
GONE: Final = "gone"
LISTED: Final = "listed"
# What a member sees of a registration that only fits by what they typed; an address that changed would tell a
# stranger who typed a name and a birth date that somebody moved.
OPEN: Final = frozenset({"status", GONE, LISTED})


def seen(row: VoterRow) -> bytes:
    """Return what is kept of a row to see changes: for each kind a keyed hash of the member's own record."""
    precinct = {layer: ocd_id for layer, ocd_id in row.districts.items() if layer == "precinct"}
    wider = {layer: ocd_id for layer, ocd_id in row.districts.items() if layer != "precinct"}
    voter = row.record
    held = (voter.status, f"{voter.address}\n{voter.city}\n{voter.zip}", _text(wider), _text(precinct))
    own = (row.state, voter.voter_id)
    return b"".join(
        keyed_hash(settings.LOOKUP_KEY, "seen", kind, *own, value)[:LENGTH]
        for kind, value in zip(KINDS, held, strict=True)
    )


def _text(districts: dict[str, str]) -> str:
    return ",".join(f"{layer}={ocd_id}" for layer, ocd_id in sorted(districts.items()))


def between(before: bytes, now: bytes) -> set[str]:
    """Return the kinds of change between two rolls; nothing is kept of a record that is not listed."""
    if not before or not now:
        return set() if before == now else {LISTED if now else GONE}
    at = range(0, LENGTH * len(KINDS), LENGTH)
    return {
        kind for kind, n in zip(KINDS, at, strict=True) if before[n : n + LENGTH] != now[n : n + LENGTH]
    }  # fmt: skip


def to_tell(claim: Claim, changed: set[str]) -> bool:
    """Return whether the member may be told: a proved one of everything, others of what their page shows."""
    if claim.state == Claim.State.CONFIRMED or claim.place_agreed:
        return bool(changed)
    return bool(changed & OPEN)


def count(snapshot_id: int, changed: set[str]) -> None:
    """Add one member's notice to the counts of a roll, in the notice's transaction."""
    for kind in sorted({"told", *changed}):
        WatchCount.objects.get_or_create(snapshot_id=snapshot_id, kind=kind)
        WatchCount.objects.filter(snapshot_id=snapshot_id, kind=kind).update(number=F("number") + 1)


def counts_of(snapshot_id: int) -> dict[str, int]:
    """Return how many members were told of a roll's changes, in all (`told`) and by kind."""
    return dict(WatchCount.objects.filter(snapshot_id=snapshot_id).values_list("kind", "number"))
