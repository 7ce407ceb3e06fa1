"""Claims: the record that a member says is theirs. Claims of one record coexist; the code of a letter decides."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.activity import services as activity
from apps.core.crypto import keyed_hash
from apps.voters import rolls
from apps.voters.models import Snapshot
from apps.voters.rolls import VoterRow

from . import registration_changes
from .models import Claim
from .query import VoterQuery


@dataclass(frozen=True)
class StoredAnswer:
    """The result that a lookup showed a member: status and districts, as of the roll of a day."""

    status: str
    registered: bool
    districts: Mapping[str, str]
    as_of: date
    source: str

    def to_text(self) -> str:
        """Return JSON for an encrypted column."""
        return json.dumps(asdict(self) | {"as_of": self.as_of.isoformat()})

    @classmethod
    def from_text(cls, text: str) -> "StoredAnswer":
        """Return the result that `to_text` encoded."""
        values = json.loads(text)
        return cls(**values | {"as_of": date.fromisoformat(values["as_of"])})

    @classmethod
    def of(cls, row: VoterRow, snapshot: Snapshot) -> "StoredAnswer":
        """Return the result of a row of a snapshot."""
        return cls(row.record.status, row.registered, dict(row.districts), snapshot.as_of, snapshot.source)


def voter_key(state: str, voter_id: str) -> bytes:
    """Return the keyed hash under which a record is claimed."""
    return keyed_hash(settings.LOOKUP_KEY, "claim", state, voter_id)


def claim_record(*, member: User, row: VoterRow, query: VoterQuery, snapshot: Snapshot) -> Claim:
    """Claim a record for a member, or renew the claim after another lookup; safe to run twice.

    Other members' claims of the record are neither read nor changed.
    """
    key = voter_key(row.state, row.record.voter_id)
    with transaction.atomic():
        current = Claim.objects.select_for_update().filter(member=member, state__in=Claim.OPEN_STATES).first()
        if current and bytes(current.voter_key) != key:
            release_claim(current)
            current = None
        claim = current or Claim(member=member, voter_key=key, roll_state=row.state, voter_id=row.record.voter_id)
        _renew(claim, row, query, snapshot)
        claim.save()
    return claim


def _renew(claim: Claim, row: VoterRow, query: VoterQuery, snapshot: Snapshot) -> None:
    fingerprint = registration_changes.row_fingerprint(row)
    if claim.pk is not None and claim.snapshot_id != snapshot.pk:
        changed = registration_changes.changed_kinds(bytes(claim.row_fingerprint), fingerprint)
        claim.changes = sorted(changed)
        if changed:
            registration_changes.count_change(snapshot.pk, changed)
    claim.query, claim.answer = query.to_text(), StoredAnswer.of(row, snapshot).to_text()
    claim.snapshot_id, claim.row_fingerprint, claim.checked_at = snapshot.pk, fingerprint, timezone.now()


def release_claim(claim: Claim) -> None:
    """End a claim."""
    claim.state, claim.ended_at = Claim.State.RELEASED, timezone.now()
    claim.save(update_fields=["state", "ended_at"])


def confirm_record(*, member: User, row: VoterRow, query: VoterQuery, snapshot: Snapshot) -> Claim:
    """Record that the code of a letter proved a claim. An earlier proof by another member becomes an unconfirmed
    claim.

    No one else is notified, and no other member's page changes.
    """
    with transaction.atomic():
        claim = claim_record(member=member, row=row, query=query, snapshot=snapshot)
        others = Claim.objects.on_voter(bytes(claim.voter_key)).filter(state=Claim.State.CONFIRMED)
        others.exclude(pk=claim.pk).update(state=Claim.State.CLAIMED)
        claim.state = Claim.State.CONFIRMED
        claim.save(update_fields=["state"])
        activity.record_activity(actor_id=member.pk, kind="registration.confirmed", key=f"claim:{claim.pk}")
    return claim


def end_lapsed() -> int:
    """End unconfirmed claims 90 days after their last lookup; return how many."""
    count: int = Claim.objects.lapsed().update(state=Claim.State.RELEASED, ended_at=timezone.now())
    return count


def claimed_record(claim: Claim) -> VoterRow | None:
    """Return the claimed record from the live roll, or None if it is gone or withdrawn."""
    return rolls.get_own_voter(claim.roll_state, claim.voter_id)
