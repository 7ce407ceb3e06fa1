"""Claims: one record, one account. The database's own constraint decides between two who ask at once."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.activity import services as activity
from apps.cases import services as cases
from apps.core.crypto import keyed_hash
from apps.notifications import services as notifications
from apps.voters import rolls
from apps.voters.rolls import VoterRow

from . import registration_changes
from .models import Claim
from .query import Typed


@dataclass(frozen=True)
class Evidence:
    """Why a claim was made: what was typed, what of it agreed, by which model, on which roll."""

    typed: Typed
    agreed: list[str]
    place_agreed: bool
    model_version: str
    snapshot_id: int | None


def voter_key(state: str, voter_id: str) -> bytes:
    """Return the keyed hash under which a record is claimed."""
    return keyed_hash(settings.LOOKUP_KEY, "claim", state, voter_id)


def claim(*, member: Any, row: VoterRow, evidence: Evidence) -> Claim:
    """Claim a record for a member; safe to run twice. A second claim is disputed, and both are told."""
    key = voter_key(row.state, row.record.voter_id)
    with transaction.atomic():
        mine = Claim.objects.select_for_update().held_by(member).first()
        if mine and bytes(mine.voter_key) == key:
            return _refreshed(mine, row, evidence)
        if mine:
            release(mine)
        return _made(member, key, row, evidence)


def _made(member: Any, key: bytes, row: VoterRow, evidence: Evidence) -> Claim:
    empty = Claim(member=member, voter_key=key, roll_state=row.state, voter_id=row.record.voter_id)
    new = _filled(empty, row, evidence)
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:
        # Somebody was first, perhaps in this very moment.
        new.state = Claim.State.DISPUTED
        new.save()
        _dispute(new)
    return new


def _filled(claim: Claim, row: VoterRow, evidence: Evidence) -> Claim:
    claim.typed = evidence.typed.to_text()
    claim.agreed = evidence.agreed
    claim.place_agreed = evidence.place_agreed
    claim.model_version = evidence.model_version
    claim.snapshot_id = evidence.snapshot_id
    claim.seen = registration_changes.seen(row)
    claim.checked_at = timezone.now()
    return claim


def _refreshed(mine: Claim, row: VoterRow, evidence: Evidence) -> Claim:
    _filled(mine, row, evidence).save()
    return mine


def _dispute(second: Claim) -> None:
    """Open the case and tell both; neither learns who the other is."""
    case = cases.open_case(
        kind="second_claim", subject_id=second.pk, key=bytes(second.voter_key).hex(), member=second.member
    )
    for one in Claim.objects.on_voter(bytes(second.voter_key)).select_related("member"):
        notifications.notify(member=one.member, kind="second_claim", key=f"{case.pk}:{one.pk}", facts={"claim": one.pk})


def release(claim: Claim) -> None:
    """Give a record up; its letters end with it."""
    now = timezone.now()
    claim.state, claim.ended_at = Claim.State.RELEASED, now
    claim.save(update_fields=["state", "ended_at"])
    claim.letters.filter(state__in=["asked", "printed"]).update(state="spent", ended_at=now)


def settle(winner: Claim, *, confirmed: bool) -> Claim:
    """Let one claim hold; everybody else's on the record ends, and they are told."""
    with transaction.atomic():
        others = Claim.objects.select_for_update().on_voter(bytes(winner.voter_key)).exclude(pk=winner.pk)
        for other in others.select_related("member"):
            release(other)
            notifications.notify(member=other.member, kind="claim_ended", key=str(other.pk), facts={"claim": other.pk})
        winner.state = Claim.State.CONFIRMED if confirmed else Claim.State.CLAIMED
        winner.save(update_fields=["state"])
        kind = "registration.confirmed" if confirmed else "registration.settled"
        activity.record_activity(actor_id=winner.member_id, kind=kind, key=f"claim:{winner.pk}:{winner.state}")
    return winner


def record_of(claim: Claim) -> VoterRow | None:
    """Return the claimed record as the live roll has it; None where it is gone, or protected."""
    return rolls.get_voter(claim.roll_state, claim.voter_id)
