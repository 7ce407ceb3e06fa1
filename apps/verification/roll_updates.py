"""What a new roll changes for members: looked up again in the worker, told once, and never a confidential change."""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from apps.jobs import jobs
from apps.matching.normalize import places
from apps.matching.normalize.address import agrees, parse_address
from apps.notifications import services as notifications
from apps.voters import rolls, suppression

from . import claims, registration_changes, services
from .models import Attempt, Claim
from .query import Typed

TASK: Final = "match.watch"
ASK_AGAIN: Final = "match.again"
CHUNK: Final = 200


def roll_went_live(state: str, snapshot_id: int) -> None:
    """Queue the look-up of everybody whom a new roll may concern."""
    with transaction.atomic():
        _enqueue(snapshot_id, 0)


def _enqueue(snapshot_id: int, after: int) -> None:
    # A roll that comes back by a rollback is a new swap, and is followed up again.
    key = f"{snapshot_id}:{rolls.live_generation(snapshot_id)}:{after}"
    jobs.enqueue(TASK, key=key, args={"snapshot_id": snapshot_id, "after": after}, priority=7)


def watch(snapshot_id: int, after: int) -> None:
    """Compare one stretch of claims with the roll; after the last, who was not found is looked for again."""
    state = next((s for s, live in rolls.live_snapshots().items() if live.pk == snapshot_id), None)
    if state is None:
        return  # another roll is live by now, and has its own watch
    stretch = list(Claim.objects.of_roll(state).filter(pk__gt=after).order_by("pk")[:CHUNK])
    for claim in stretch:
        check(claim, snapshot_id)
    if len(stretch) == CHUNK:
        with transaction.atomic():
            _enqueue(snapshot_id, stretch[-1].pk)
        return
    with transaction.atomic():
        _ask_later(snapshot_id, 0)


def check(claim: Claim, snapshot_id: int) -> None:
    """Compare one claim with the live roll and tell its member what changed; safe to run twice."""
    row = claims.record_of(claim)
    mine = Claim.objects.filter(pk=claim.pk)
    if row is None and suppression.is_suppressed(claim.roll_state, claim.voter_id):
        mine.update(snapshot_id=snapshot_id, checked_at=timezone.now())
        return
    now = registration_changes.seen(row) if row is not None else b""
    changed = registration_changes.between(bytes(claim.seen), now)
    with transaction.atomic():
        if registration_changes.to_tell(claim, changed):
            key = f"{claim.pk}:{snapshot_id}"
            facts = {"claim": claim.pk}
            if notifications.notify(member=claim.member, kind="registration_changed", key=key, facts=facts):
                registration_changes.count(snapshot_id, changed)
        still = claim.place_agreed and row is not None and _still_here(claim, row)
        mine.update(seen=now, snapshot_id=snapshot_id, checked_at=timezone.now(), place_agreed=still)


def _still_here(claim: Claim, row: rolls.VoterRow) -> bool:
    """Return whether the typed address still is the registered one: house, street and place."""
    typed = Typed.from_text(claim.typed)
    voter = row.record
    same_address = agrees(parse_address(typed.address), parse_address(voter.address))
    same_zip = places.zip_code(typed.zip) == places.zip_code(voter.zip)
    return same_address and (same_zip or places.city(typed.city) == places.city(voter.city))


def _ask_later(snapshot_id: int, after: int) -> None:
    key = f"{snapshot_id}:{rolls.live_generation(snapshot_id)}:{after}"
    jobs.enqueue(ASK_AGAIN, key=key, args={"snapshot_id": snapshot_id, "after": after}, priority=7)


def ask_again(snapshot_id: int, after: int) -> None:
    """Look up once more the newest look-up of a stretch of members who have no registration yet."""
    claimed = Claim.objects.filter(state__in=Claim.HELD).values("member")
    waiting = Attempt.objects.unanswered().exclude(member__in=claimed).filter(member__gt=after)
    members = list(waiting.order_by("member").values_list("member", flat=True).distinct()[:CHUNK])
    for member in members:
        newest = Attempt.objects.unanswered().filter(member=member).order_by("-made_at").first()
        if newest is not None:
            services.look_again(newest)
    if len(members) == CHUNK:
        with transaction.atomic():
            _ask_later(snapshot_id, members[-1])


def at_sign_in(member: Any) -> None:
    """Queue a comparison where the last one is older than the live roll."""
    claim = services.claim_of(member)
    live = rolls.live_snapshot(claim.roll_state) if claim else None
    if claim and live and claim.snapshot_id != live.pk:
        with transaction.atomic():
            jobs.enqueue(
                "match.claim", key=f"{claim.pk}:{live.pk}", args={"claim_id": claim.pk, "snapshot_id": live.pk}
            )


def check_one(claim_id: int, snapshot_id: int) -> None:
    """Compare one claim; for the worker."""
    claim = Claim.objects.filter(pk=claim_id, state__in=Claim.HELD).first()
    live = rolls.live_snapshot(claim.roll_state) if claim else None
    if claim and live and live.pk == snapshot_id:
        check(claim, snapshot_id)
