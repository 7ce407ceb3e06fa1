"""What this app registers with the rooms below: cases and their answers, notices, tiles."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.cases import dashboard
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.roles import Role
from apps.notifications import services as notifications
from apps.voters import rolls

from . import claims
from .match_reasons import reasons_of
from .models import Attempt, Claim, Letter
from .query import Typed


def register_case_kinds() -> None:
    """Fill the registries; called in AppConfig.ready."""
    _register_cases()
    _register_notices()
    dashboard.register_tile(
        Role.STEWARD, _("Letters to print"), lambda: Letter.objects.to_print().count(), "verification:letters"
    )


def _register_cases() -> None:
    cases.register_kind(
        "second_claim",
        title=_("Two members claim one registration"),
        role=Role.STEWARD,
        template="verification/case_second_claim.html",
        resolve=_resolve_second_claim,
        answers=(
            ("first", _("The first one keeps it"), "f"),
            ("second", _("The second one has proved it"), "s"),
            ("neither", _("Neither keeps it"), "n"),
        ),
        context=_second_claim,
        promise_hours=72,
    )
    cases.register_kind(
        "unclear_match",
        title=_("More than one voter fits a member"),
        role=Role.STEWARD,
        template="verification/case_unclear_match.html",
        resolve=_resolve_unclear,
        answers=(("not_found", _("Nobody fits for sure"), "n"), ("again", _("Ask the member to look again"), "a")),
        context=_unclear_match,
        reads=("name", "birth date", "address"),
        promise_hours=72,
    )
    cases.register_kind(
        "busy_target",
        title=_("Many accounts look for one person"),
        role=Role.STEWARD,
        template="verification/case_busy_target.html",
        answers=(("seen", _("Seen, nothing to do"), "s"), ("stop", _("I told the owner"), "o")),
        context=lambda case: {"accounts": 5},
    )


def _register_notices() -> None:
    kinds = {
        "registration_found": (_("We found your registration"), _("See my registration")),
        "registration_changed": (_("Something about your registration changed"), _("See my registration")),
        "second_claim": (_("Somebody else says this registration is theirs"), _("Prove that it is me")),
        "claim_ended": (_("Your registration is no longer linked to your account"), _("Look again")),
    }
    for kind, (title, button) in kinds.items():
        notifications.register_notice(
            kind,
            title=title,
            body_template=f"verification/notices/{kind}.txt",
            mail=True,
            link="verification:home",
            button=button,
        )


def _second_claim(case: Case) -> dict[str, Any]:
    second = Claim.objects.filter(pk=case.subject_id).first()
    every = list(Claim.objects.on_voter(second.voter_key).order_by("made_at")) if second else []
    return {"second": second, "claims": every, "letters": Letter.objects.filter(claim__in=every)}


def _resolve_second_claim(case: Case, answer: str, actor: Any) -> None:
    del actor
    second = Claim.objects.filter(pk=case.subject_id, state__in=Claim.HELD).first()
    if second is None:
        return
    first = Claim.objects.on_voter(second.voter_key).exclude(pk=second.pk).order_by("made_at").first()
    if answer == "neither":
        for claim in Claim.objects.on_voter(second.voter_key):
            _end(claim)
        return
    winner = first if answer == "first" and first else second
    claims.settle(winner, confirmed=winner.state == Claim.State.CONFIRMED)


def _end(claim: Claim) -> None:
    claims.release(claim)
    notifications.notify(member=claim.member, kind="claim_ended", key=str(claim.pk), facts={"claim": claim.pk})


def _unclear_match(case: Case) -> dict[str, Any]:
    attempt = Attempt.objects.filter(pk=case.key).first()
    decisions = list(attempt.decisions.order_by("turn")) if attempt else []
    return {
        "attempt": attempt,
        "typed": Typed.from_text(attempt.typed) if attempt else None,
        "decisions": decisions,
        "reasons": reasons_of(decisions[-1]) if decisions else None,
        "rolls": rolls.live_snapshots(),
    }


def _resolve_unclear(case: Case, answer: str, actor: Any) -> None:
    """Staff never choose a record for a member: they end the look-up, or let the member type it again for free."""
    del actor
    review = Attempt.objects.filter(pk=case.key, state=Attempt.State.REVIEW)
    with transaction.atomic():
        if answer == "again":
            review.update(state=Attempt.State.DETAIL, followed_up=False)
        else:
            review.update(state=Attempt.State.NOT_FOUND)
