"""A member's look-up from the form to its end, and what the rest of the house may know of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activity import services as activity
from apps.cases import services as cases
from apps.core.errors import Refused
from apps.jobs import jobs
from apps.jobs.models import Job
from apps.matching import MatchResult
from apps.notifications import services as notifications
from apps.voters import rolls
from apps.voters.search.base import voter_index

from . import claims, quotas
from .models import Attempt, Claim, Decision
from .outcomes import HERE, Outcome, agreed_fields, levels_of, outcome_of
from .query import DETAILS, Typed

TASK = "match.attempt"


@dataclass(frozen=True)
class Registration:
    """What a member's own registration says, within what an answer may reveal.

    `districts` (layer -> OCD id) are the roll's, and empty unless the typed address agrees with the registered one.
    """

    state: str
    status: str
    districts: Mapping[str, str]
    place_agreed: bool
    as_of: date
    source: str
    proved: bool
    disputed: bool
    typed: Typed
    agreed: tuple[str, ...] = field(default=())


def look_up(*, member: Any, typed: Typed, network: str) -> Attempt:
    """Spend the budgets, then accept one look-up; raises BudgetSpent with nothing accepted."""
    with transaction.atomic():
        held = quotas.spend(member=member, network=network, target=typed.target())
        attempt = Attempt.objects.create(member=member, typed=typed.to_text(), held=held)
        if held:
            cases.open_case(kind="busy_target", subject_id=member.pk, key=typed.target().hex(), member=member)
        _enqueue(attempt)
    return attempt


def follow_up(*, attempt: Attempt, detail: str, value: str) -> Attempt:
    """Answer the one free question of a look-up."""
    if detail not in DETAILS:
        raise Refused(_("This detail was not asked for."))
    with transaction.atomic():
        waits = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.DETAIL, followed_up=False)
        if not waits.update(state=Attempt.State.WAITING, followed_up=True):
            raise Refused(_("This look-up has its answer. Start a new one."))
        attempt.refresh_from_db()
        attempt.typed = Typed.from_text(attempt.typed).with_detail(detail, value).to_text()
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


def look_again(attempt: Attempt) -> None:
    """Ask once more what a roll before could not answer; free, and told only if it is found."""
    with transaction.atomic():
        waits = Attempt.objects.filter(pk=attempt.pk, state__in=["not_found", "detail"])
        if waits.update(origin=Attempt.Origin.ROLL):
            attempt.refresh_from_db()
            attempt.turn += 1
            attempt.save(update_fields=["turn"])
            _enqueue(attempt, priority=6)


def answer(attempt_id: str, turn: int) -> None:
    """Make the answer of one turn; for the worker, safe to run twice. Every kind of not found goes this same way."""
    attempt = Attempt.objects.select_related("member").filter(pk=attempt_id, turn=turn).first()
    if attempt is None:
        return
    typed = Typed.from_text(attempt.typed)
    found = voter_index().match_one(typed.person, "form")
    outcome = outcome_of(found, typed, followed_up=attempt.followed_up)
    if attempt.held:
        outcome = Outcome(Attempt.State.NOT_FOUND)
    row = rolls.get_voter(outcome.roll_state, outcome.voter_id)
    if outcome.state == Attempt.State.MATCHED and row is None:
        outcome = Outcome(Attempt.State.NOT_FOUND)  # protected since the index was asked
    with transaction.atomic():
        _decide(attempt, found)
        if row is not None:
            _claim(attempt, typed, found, row)
        _conclude(attempt, outcome)


def _decide(attempt: Attempt, found: MatchResult) -> None:
    Decision.objects.get_or_create(
        attempt=attempt,
        turn=attempt.turn,
        defaults={
            "status": found.status,
            "score": found.score,
            "explanation": json.dumps(found.explanation),
            "model_version": found.model_version,
            "snapshot_hash": _snapshot_hash(found),
        },
    )


def _snapshot_hash(found: MatchResult) -> str:
    """Return the hash of the roll that the best candidate is on; with several and none, the first asked."""
    live = rolls.live_snapshots()
    if found.state in live:
        return live[found.state].hash
    return found.snapshots[0] if found.snapshots else ""


def _claim(attempt: Attempt, typed: Typed, found: MatchResult, row: rolls.VoterRow) -> Claim:
    levels = levels_of(found)
    snapshot = rolls.live_snapshot(row.state)
    evidence = claims.Evidence(
        typed=typed,
        agreed=agreed_fields(levels, typed, row),
        place_agreed=levels.get("where") == HERE,
        model_version=found.model_version,
        snapshot_id=snapshot.pk if snapshot else None,
    )
    return claims.claim(member=attempt.member, row=row, evidence=evidence)


def _conclude(attempt: Attempt, outcome: Outcome) -> None:
    """End a turn in its named state; what a roll found by itself is told by a notice."""
    mine = Attempt.objects.filter(pk=attempt.pk, turn=attempt.turn)
    mine.update(state=outcome.state, asked_for=outcome.ask, answered_at=timezone.now())
    if outcome.state == Attempt.State.REVIEW:
        key = f"{attempt.pk}"
        cases.open_case(kind="unclear_match", subject_id=attempt.member_id, key=key, member=attempt.member)
    if outcome.state == Attempt.State.MATCHED:
        activity.record_activity(actor_id=attempt.member_id, kind="registration.matched", key=f"attempt:{attempt.pk}")
    if outcome.state == Attempt.State.MATCHED and attempt.origin == Attempt.Origin.ROLL:
        notifications.notify(member=attempt.member, kind="registration_found", key=str(attempt.pk))


def attempt_stopped(job: Job) -> None:
    """A look-up could not be answered for good: it ends in its own named state."""
    waiting = Attempt.objects.filter(pk=job.args["attempt_id"], turn=job.args["turn"], state=Attempt.State.WAITING)
    waiting.update(state=Attempt.State.STOPPED, answered_at=timezone.now())


def claim_of(member: Any) -> Claim | None:
    """Return the record a member claims, proved or not."""
    claim: Claim | None = Claim.objects.held_by(member).first()
    return claim


def current(member: Any) -> Registration | None:
    """Return a member's registration as the live roll has it; None where there is none, or it may not be told."""
    claim = claim_of(member)
    row = claims.record_of(claim) if claim else None
    snapshot = rolls.live_snapshot(claim.roll_state) if claim else None
    if claim is None or row is None or snapshot is None or not row.registered:
        return None
    disputed = claim.state == Claim.State.DISPUTED
    return Registration(
        state=row.state,
        status=row.record.status,
        districts=dict(row.districts) if claim.place_agreed and not disputed else {},
        place_agreed=claim.place_agreed,
        as_of=snapshot.as_of,
        source=snapshot.source,
        proved=claim.state == Claim.State.CONFIRMED,
        disputed=disputed,
        typed=Typed.from_text(claim.typed),
        agreed=tuple(claim.agreed),
    )


def give_up(*, member: Any) -> bool:
    """End a member's claim: this is not me. Returns whether there was one."""
    with transaction.atomic():
        claim = Claim.objects.select_for_update().held_by(member).first()
        if claim is not None:
            claims.release(claim)
    return claim is not None
