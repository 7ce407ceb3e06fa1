"""Lookups of a member's own registration from form to result, and what other apps may read of it."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from apps.voters import rolls, suppression

from . import candidates, claims, disclosure, quotas, registration_changes
from .models import Attempt, Claim
from .query import DETAILS, VoterQuery
from .quotas import Origin, VoterCounts

TASK = task_names.RUN_LOOKUP


@dataclass(frozen=True)
class Registration:
    """Hold what a member may see of their own registration, as of the roll of a day.

    `districts` maps a layer to an OCD id. `changes` are the kinds of change since the lookup before.
    """

    state: str
    status: str
    registered: bool
    districts: Mapping[str, str]
    as_of: date
    source: str
    confirmed: bool
    query: VoterQuery
    changes: tuple[str, ...] = ()
    is_dated: bool = False


def look_up(*, member: User, query: VoterQuery, origin: Origin, has_moved: bool = False) -> Attempt:
    """Spend the limits and start an attempt; raise QuotaExceeded, starting nothing."""
    with transaction.atomic():
        if quotas.spend_lookup(member=member, origin=origin, free_snapshot=free_snapshot(member)):
            cases.open_case(kind="lookup_total", subject_id=0, key=timezone.localdate().isoformat())
        attempt = Attempt.objects.create(member=member, query=query.to_text(), has_moved=has_moved)
        _enqueue(attempt)
    return attempt


def free_snapshot(member: User) -> int | None:
    """Return the live snapshot that gives a linked member a free lookup: one later than their last lookup."""
    claim = current_claim(member)
    live = rolls.live_snapshot(claim.roll_state) if claim else None
    return live.pk if claim and live and live.pk != claim.snapshot_id else None


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
        attempt.turn += 1
        attempt.asked_at, attempt.finished_at = timezone.now(), None
        attempt.save()
        _enqueue(attempt)
    return attempt


def _enqueue(attempt: Attempt) -> None:
    jobs.enqueue(
        TASK,
        key=f"{attempt.pk}:{attempt.turn}",
        args={"attempt_id": str(attempt.pk), "turn": attempt.turn},
        priority=2,
    )


def run_attempt(attempt_id: str, turn: int) -> None:
    """Process one turn of an attempt; called by the worker, safe to run twice.

    Every kind of "nothing found" runs the same statements: the counters are spent, then the result is written.
    """
    attempt = (
        Attempt.objects.select_related("member").filter(pk=attempt_id, turn=turn, state=Attempt.State.WAITING).first()
    )
    if attempt is None:
        return
    query = VoterQuery.from_text(attempt.query)
    evidence = disclosure.weigh(query, candidates.candidate_rows(query))
    with transaction.atomic():
        has_room = quotas.spend_voters(counts_of(evidence), decoy=f"{attempt.pk}:{turn}")
        answer = disclosure.decide(query, evidence, has_room=has_room, followed_up=attempt.followed_up)
        if answer.row is not None:
            _claim(attempt, query, answer.row)
        _finish(attempt, answer)


def counts_of(evidence: disclosure.Evidence) -> VoterCounts:
    """Return the voters against whom a lookup counts."""
    return VoterCounts(
        matched=[one.voter for one in evidence.matched],
        wrong_door=[one.voter for one in evidence.wrong_door],
        wrong_date=[one.voter for one in evidence.wrong_date],
    )


def _claim(attempt: Attempt, query: VoterQuery, row: rolls.VoterRow) -> None:
    snapshot = rolls.live_snapshot(row.state)
    if snapshot is not None:
        claims.claim_record(member=attempt.member, row=row, query=query, snapshot=snapshot)
        activity.record_activity(actor_id=attempt.member_id, kind="registration.matched", key=f"attempt:{attempt.pk}")


def _finish(attempt: Attempt, answer: disclosure.Disclosed) -> None:
    state = Attempt.State.NOT_FOUND
    if answer.row is not None:
        state = Attempt.State.MATCHED
    elif answer.detail:
        state = Attempt.State.DETAIL
    this_turn = Attempt.objects.filter(pk=attempt.pk, turn=attempt.turn)
    this_turn.update(state=state, requested_detail=answer.detail, finished_at=timezone.now())


def stop_attempt(job: Job) -> None:
    """End an attempt whose job failed for good."""
    waiting = Attempt.objects.filter(pk=job.args["attempt_id"], turn=job.args["turn"], state=Attempt.State.WAITING)
    waiting.update(state=Attempt.State.STOPPED, finished_at=timezone.now())


def current_claim(member: User) -> Claim | None:
    """Return a member's current claim, confirmed or not."""
    claim: Claim | None = Claim.objects.current_of(member).first()
    return claim


def current_registration(member: User) -> Registration | None:
    """Return the result of the member's last lookup; for a member confirmed by letter, the live roll's.

    An unconfirmed member's page never follows a later roll or a suppression: it changes only by a lookup.
    """
    claim = current_claim(member)
    return _registration(claim) if claim else None


def _registration(claim: Claim) -> Registration:
    answer, changes = claims.StoredAnswer.from_text(claim.answer), tuple(claim.changes)
    live = rolls.live_snapshot(claim.roll_state)
    is_confirmed = claim.state == Claim.State.CONFIRMED
    is_dated = live is not None and live.pk != claim.snapshot_id
    if is_confirmed and is_dated and live is not None:
        row = claims.claimed_record(claim)
        if row is not None:
            answer, is_dated = claims.StoredAnswer.of(row, live), False
            fingerprint = registration_changes.row_fingerprint(row)
            changes = tuple(sorted(registration_changes.changed_kinds(bytes(claim.row_fingerprint), fingerprint)))
        elif not suppression.withdrawn_voters([(claim.roll_state, claim.voter_id)]):
            changes = (registration_changes.GONE,)
    return Registration(
        state=claim.roll_state,
        status=answer.status,
        registered=answer.registered,
        districts=answer.districts,
        as_of=answer.as_of,
        source=answer.source,
        confirmed=is_confirmed,
        query=VoterQuery.from_text(claim.query),
        changes=changes,
        is_dated=is_dated,
    )


def release_current_claim(*, member: User) -> bool:
    """Release a member's claim; return whether there was one."""
    with transaction.atomic():
        claim = Claim.objects.select_for_update().current_of(member).first()
        if claim is not None:
            claims.release_claim(claim)
    return claim is not None
