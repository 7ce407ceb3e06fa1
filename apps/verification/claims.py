"""Claims: one voter record, one account. A database constraint decides between simultaneous claims."""

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.activity import services as activity
from apps.cases import services as cases
from apps.core.crypto import keyed_hash
from apps.notifications import services as notifications
from apps.voters import rolls
from apps.voters.rolls import VoterRow

from . import registration_changes
from .models import Claim
from .query import VoterQuery


@dataclass(frozen=True)
class Evidence:
    """Hold the basis of a claim: the query, its agreeing fields, the model version and the snapshot."""

    query: VoterQuery
    agreeing_fields: list[str]
    address_agrees: bool
    model_version: str
    snapshot_id: int | None


def voter_key(state: str, voter_id: str) -> bytes:
    """Return the keyed hash under which a record is claimed."""
    return keyed_hash(settings.LOOKUP_KEY, "claim", state, voter_id)


def claim_record(*, member: User, row: VoterRow, evidence: Evidence) -> Claim:
    """Claim a record for a member; safe to run twice. A second member's claim opens a dispute and notifies both."""
    key = voter_key(row.state, row.record.voter_id)
    with transaction.atomic():
        current = Claim.objects.select_for_update().current_of(member).first()
        if current and bytes(current.voter_key) == key:
            return _refresh_claim(current, row, evidence)
        if current:
            release_claim(current)
        return _create_claim(member, key, row, evidence)


def _create_claim(member: User, key: bytes, row: VoterRow, evidence: Evidence) -> Claim:
    new_claim = _apply_evidence(
        Claim(member=member, voter_key=key, roll_state=row.state, voter_id=row.record.voter_id), row, evidence
    )
    try:
        with transaction.atomic():
            new_claim.save()
    except IntegrityError:
        # Another member claimed it first, perhaps concurrently.
        new_claim.state = Claim.State.DISPUTED
        new_claim.save()
        _open_dispute(new_claim)
    return new_claim


def _apply_evidence(claim: Claim, row: VoterRow, evidence: Evidence) -> Claim:
    claim.query = evidence.query.to_text()
    claim.agreeing_fields = evidence.agreeing_fields
    claim.address_agrees = evidence.address_agrees
    claim.model_version = evidence.model_version
    claim.snapshot_id = evidence.snapshot_id
    claim.row_fingerprint = registration_changes.row_fingerprint(row)
    claim.checked_at = timezone.now()
    return claim


def _refresh_claim(current: Claim, row: VoterRow, evidence: Evidence) -> Claim:
    _apply_evidence(current, row, evidence).save()
    return current


def _open_dispute(second: Claim) -> None:
    """Open a case and notify both members; neither learns who the other is."""
    case = cases.open_case(
        kind="second_claim", subject_id=second.pk, key=bytes(second.voter_key).hex(), member=second.member
    )
    for claim in Claim.objects.on_voter(bytes(second.voter_key)).select_related("member"):
        notifications.notify(
            member=claim.member, kind="second_claim", key=f"{case.pk}:{claim.pk}", facts={"claim": claim.pk}
        )


def release_claim(claim: Claim) -> None:
    """End a claim and its open letters."""
    now = timezone.now()
    claim.state, claim.ended_at = Claim.State.RELEASED, now
    claim.save(update_fields=["state", "ended_at"])
    claim.letters.filter(state__in=["requested", "printed"]).update(state="ended", ended_at=now)


def settle_claim(winner: Claim, *, confirmed: bool) -> Claim:
    """Make one claim the only one of its record: release all others and notify their members."""
    with transaction.atomic():
        others = Claim.objects.select_for_update().on_voter(bytes(winner.voter_key)).exclude(pk=winner.pk)
        for other in others.select_related("member"):
            release_claim(other)
            notifications.notify(member=other.member, kind="claim_ended", key=str(other.pk), facts={"claim": other.pk})
        winner.state = Claim.State.CONFIRMED if confirmed else Claim.State.CLAIMED
        winner.save(update_fields=["state"])
        kind = "registration.confirmed" if confirmed else "registration.settled"
        activity.record_activity(actor_id=winner.member_id, kind=kind, key=f"claim:{winner.pk}:{winner.state}")
    return winner


def claimed_record(claim: Claim) -> VoterRow | None:
    """Return the claimed record from the live roll, or None if it is gone or suppressed."""
    return rolls.get_voter(claim.roll_state, claim.voter_id)
