"""Look-ups of a member's own registration from form to result, and what other apps may read of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.activity import services as activity
from apps.cases import services as cases
from apps.core.errors import Refused
from apps.jobs import jobs, task_names
from apps.jobs.models import Job
from apps.matching import MatchResult
from apps.notifications import services as notifications
from apps.voters import rolls
from apps.voters.search.base import voter_index

from . import claims, quotas
from .models import Attempt, Claim, Decision
from .outcomes import SAME_ADDRESS, Outcome, agreeing_fields, candidate_levels, decide_outcome
from .query import DETAILS, VoterQuery

TASK = task_names.RUN_LOOKUP


@dataclass(frozen=True)
class Registration:
    """Hold what a member may see of their own registration.

    `districts` (layer to OCD id) come from the roll and are empty unless the query's address agrees with the registered
    one.
    """

    state: str
    status: str
    districts: Mapping[str, str]
    address_agrees: bool
    as_of: date
    source: str
    confirmed: bool
    disputed: bool
    query: VoterQuery
    agreeing_fields: tuple[str, ...] = field(default=())


def look_up(*, member: User, query: VoterQuery, network: str) -> Attempt:
    """Spend the quotas and start an attempt; raise QuotaExceeded, starting nothing."""
    with transaction.atomic():
        is_flagged = quotas.spend(member=member, network=network, target=query.target_hash())
        attempt = Attempt.objects.create(member=member, query=query.to_text(), is_flagged=is_flagged)
        if is_flagged:
            cases.open_case(kind="busy_target", subject_id=member.pk, key=query.target_hash().hex(), member=member)
        _enqueue(attempt)
    return attempt


def follow_up(*, attempt: Attempt, detail: str, value: str) -> Attempt:
    """Add the requested detail to an attempt and run it again, once and free of charge."""
    if detail not in DETAILS:
        raise Refused(_("This detail was not asked for."))
    with transaction.atomic():
        waits = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.DETAIL, followed_up=False)
        if not waits.update(state=Attempt.State.WAITING, followed_up=True):
            raise Refused(_("This look-up has its answer. Start a new one."))
        attempt.refresh_from_db()
        attempt.query = VoterQuery.from_text(attempt.query).with_detail(detail, value).to_text()
        _next_turn(attempt)
    return attempt


def _next_turn(attempt: Attempt) -> None:
    attempt.turn += 1
    attempt.state = Attempt.State.WAITING
    attempt.save()
    _enqueue(attempt)


def _enqueue(attempt: Attempt, *, priority: int = 2) -> None:
    jobs.enqueue(
        TASK,
        key=f"{attempt.pk}:{attempt.turn}",
        args={"attempt_id": str(attempt.pk), "turn": attempt.turn},
        priority=priority,
    )


def retry_attempt(attempt: Attempt) -> None:
    """Run an unmatched attempt against a new roll; free, and the member is notified only of a match."""
    with transaction.atomic():
        waits = Attempt.objects.filter(pk=attempt.pk, state__in=["not_found", "detail"])
        if waits.update(origin=Attempt.Origin.ROLL):
            attempt.refresh_from_db()
            attempt.turn += 1
            attempt.save(update_fields=["turn"])
            _enqueue(attempt, priority=6)


def run_attempt(attempt_id: str, turn: int) -> None:
    """Match one turn of an attempt; called by the worker, safe to run twice.

    All kinds of not found take the same path, so that their timing does not differ.
    """
    attempt = Attempt.objects.select_related("member").filter(pk=attempt_id, turn=turn).first()
    if attempt is None:
        return
    query = VoterQuery.from_text(attempt.query)
    result = voter_index().match_one(query.person, "form")
    outcome = decide_outcome(result, query, followed_up=attempt.followed_up)
    if attempt.is_flagged:
        outcome = Outcome(Attempt.State.NOT_FOUND)
    row = rolls.get_voter(outcome.roll_state, outcome.voter_id)
    if outcome.state == Attempt.State.MATCHED and row is None:
        outcome = Outcome(Attempt.State.NOT_FOUND)  # suppressed since the index was queried
    with transaction.atomic():
        _record_decision(attempt, result)
        if row is not None:
            _claim_match(attempt, query, result, row)
        _finish_turn(attempt, outcome)


def _record_decision(attempt: Attempt, result: MatchResult) -> None:
    Decision.objects.get_or_create(
        attempt=attempt,
        turn=attempt.turn,
        defaults={
            "status": result.status,
            "score": result.score,
            "explanation": json.dumps(result.explanation),
            "model_version": result.model_version,
            "snapshot_hash": _snapshot_hash(result),
        },
    )


def _snapshot_hash(result: MatchResult) -> str:
    """Return the hash of the best candidate's snapshot, or of the first one queried."""
    live = rolls.live_snapshots()
    if result.state in live:
        return live[result.state].hash
    return result.snapshots[0] if result.snapshots else ""


def _claim_match(attempt: Attempt, query: VoterQuery, result: MatchResult, row: rolls.VoterRow) -> Claim:
    levels = candidate_levels(result)
    snapshot = rolls.live_snapshot(row.state)
    evidence = claims.Evidence(
        query=query,
        agreeing_fields=agreeing_fields(levels, query, row),
        address_agrees=levels.get("where") == SAME_ADDRESS,
        model_version=result.model_version,
        snapshot_id=snapshot.pk if snapshot else None,
    )
    return claims.claim_record(member=attempt.member, row=row, evidence=evidence)


def _finish_turn(attempt: Attempt, outcome: Outcome) -> None:
    """End a turn in its state; notify the member of a match that a new roll made."""
    this_turn = Attempt.objects.filter(pk=attempt.pk, turn=attempt.turn)
    this_turn.update(state=outcome.state, requested_detail=outcome.requested_detail, finished_at=timezone.now())
    if outcome.state == Attempt.State.REVIEW:
        key = f"{attempt.pk}"
        cases.open_case(kind="unclear_match", subject_id=attempt.member_id, key=key, member=attempt.member)
    if outcome.state == Attempt.State.MATCHED:
        activity.record_activity(actor_id=attempt.member_id, kind="registration.matched", key=f"attempt:{attempt.pk}")
    if outcome.state == Attempt.State.MATCHED and attempt.origin == Attempt.Origin.ROLL:
        notifications.notify(member=attempt.member, kind="registration_found", key=str(attempt.pk))


def stop_attempt(job: Job) -> None:
    """End an attempt whose job failed for good."""
    waiting = Attempt.objects.filter(pk=job.args["attempt_id"], turn=job.args["turn"], state=Attempt.State.WAITING)
    waiting.update(state=Attempt.State.STOPPED, finished_at=timezone.now())


def current_claim(member: User) -> Claim | None:
    """Return a member's current claim, confirmed or not."""
    claim: Claim | None = Claim.objects.current_of(member).first()
    return claim


def current_registration(member: User) -> Registration | None:
    """Return a member's registration from the live roll, or None if there is none or it may not be disclosed."""
    claim = current_claim(member)
    row = claims.claimed_record(claim) if claim else None
    snapshot = rolls.live_snapshot(claim.roll_state) if claim else None
    if claim is None or row is None or snapshot is None or not row.registered:
        return None
    disputed = claim.state == Claim.State.DISPUTED
    return Registration(
        state=row.state,
        status=row.record.status,
        districts=dict(row.districts) if claim.address_agrees and not disputed else {},
        address_agrees=claim.address_agrees,
        as_of=snapshot.as_of,
        source=snapshot.source,
        confirmed=claim.state == Claim.State.CONFIRMED,
        disputed=disputed,
        query=VoterQuery.from_text(claim.query),
        agreeing_fields=tuple(claim.agreeing_fields),
    )


def release_current_claim(*, member: User) -> bool:
    """Release a member's claim; return whether there was one."""
    with transaction.atomic():
        claim = Claim.objects.select_for_update().current_of(member).first()
        if claim is not None:
            claims.release_claim(claim)
    return claim is not None
