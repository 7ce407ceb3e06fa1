"""Follows up a new roll for members: checks claims, notifies once, never discloses a suppression."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.jobs import jobs, task_names
from apps.matching.normalize import places
from apps.matching.normalize.address import agrees, parse_address
from apps.notifications import services as notifications
from apps.voters import rolls, suppression

from . import claims, registration_changes, services
from .models import Attempt, Claim
from .query import VoterQuery

TASK: Final = task_names.CHECK_CLAIMS
RETRY_TASK: Final = task_names.RETRY_LOOKUPS
BATCH: Final = 200


def roll_went_live(state: str, snapshot_id: int) -> None:
    """Queue the check of all claims that a new roll may affect."""
    with transaction.atomic():
        _enqueue_check(snapshot_id, 0)


def _enqueue_check(snapshot_id: int, after: int) -> None:
    # A rollback makes a snapshot live again: a new generation, checked again.
    key = f"{snapshot_id}:{rolls.live_generation(snapshot_id)}:{after}"
    jobs.enqueue(TASK, key=key, args={"snapshot_id": snapshot_id, "after": after}, priority=7)


def check_claims(snapshot_id: int, after: int) -> None:
    """Check one batch of claims against the roll; after the last batch, queue retries of unmatched attempts."""
    state = next((code for code, live in rolls.live_snapshots().items() if live.pk == snapshot_id), None)
    if state is None:
        return  # another snapshot is live by now and has its own check
    batch = list(Claim.objects.of_roll(state).filter(pk__gt=after).order_by("pk")[:BATCH])
    for claim in batch:
        check_claim(claim, snapshot_id)
    if len(batch) == BATCH:
        with transaction.atomic():
            _enqueue_check(snapshot_id, batch[-1].pk)
        return
    with transaction.atomic():
        _enqueue_retry(snapshot_id, 0)


def check_claim(claim: Claim, snapshot_id: int) -> None:
    """Compare one claim with the live roll and notify its member of changes; safe to run twice."""
    row = claims.claimed_record(claim)
    this_claim = Claim.objects.filter(pk=claim.pk)
    if row is None and suppression.is_suppressed(claim.roll_state, claim.voter_id):
        this_claim.update(snapshot_id=snapshot_id, checked_at=timezone.now())
        return
    fingerprint = registration_changes.row_fingerprint(row) if row is not None else b""
    changed = registration_changes.changed_kinds(bytes(claim.row_fingerprint), fingerprint)
    with transaction.atomic():
        if registration_changes.may_disclose(claim, changed):
            key = f"{claim.pk}:{snapshot_id}"
            facts = {"claim": claim.pk}
            if notifications.notify(member=claim.member, kind="registration_changed", key=key, facts=facts):
                registration_changes.count_change(snapshot_id, changed)
        still_agrees = claim.address_agrees and row is not None and _address_still_agrees(claim, row)
        this_claim.update(
            row_fingerprint=fingerprint,
            snapshot_id=snapshot_id,
            checked_at=timezone.now(),
            address_agrees=still_agrees,
        )


def _address_still_agrees(claim: Claim, row: rolls.VoterRow) -> bool:
    """Return whether house, street and place of the query still equal the registered address."""
    query = VoterQuery.from_text(claim.query)
    same_zip = places.zip_code(query.zip) == places.zip_code(row.record.zip)
    same_place = same_zip or places.city(query.city) == places.city(row.record.city)
    return same_place and agrees(parse_address(query.address), parse_address(row.record.address))


def _enqueue_retry(snapshot_id: int, after: int) -> None:
    key = f"{snapshot_id}:{rolls.live_generation(snapshot_id)}:{after}"
    jobs.enqueue(RETRY_TASK, key=key, args={"snapshot_id": snapshot_id, "after": after}, priority=7)


def retry_attempts(snapshot_id: int, after: int) -> None:
    """Retry the latest attempt of each unmatched member in a batch."""
    claimed = Claim.objects.filter(state__in=Claim.OPEN_STATES).values("member")
    unmatched = Attempt.objects.unanswered().exclude(member__in=claimed).filter(member__gt=after)
    members = list(unmatched.order_by("member").values_list("member", flat=True).distinct()[:BATCH])
    for member in members:
        newest = Attempt.objects.unanswered().filter(member=member).order_by("-created_at").first()
        if newest is not None:
            services.retry_attempt(newest)
    if len(members) == BATCH:
        with transaction.atomic():
            _enqueue_retry(snapshot_id, members[-1])


def queue_check_at_sign_in(member: User) -> None:
    """Queue a check if the claim's last one is older than the live roll."""
    claim = services.current_claim(member)
    live = rolls.live_snapshot(claim.roll_state) if claim else None
    if claim and live and claim.snapshot_id != live.pk:
        with transaction.atomic():
            jobs.enqueue(
                task_names.CHECK_CLAIM, key=f"{claim.pk}:{live.pk}", args={"claim_id": claim.pk, "snapshot_id": live.pk}
            )


def check_queued_claim(claim_id: int, snapshot_id: int) -> None:
    """Check one claim; called by the worker."""
    claim = Claim.objects.filter(pk=claim_id, state__in=Claim.OPEN_STATES).first()
    live = rolls.live_snapshot(claim.roll_state) if claim else None
    if claim and live and live.pk == snapshot_id:
        check_claim(claim, snapshot_id)
