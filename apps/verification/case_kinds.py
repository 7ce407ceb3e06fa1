"""Registers the cases, notices and dashboard tile of this app, and resolves its cases."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.cases import dashboard
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.roles import Role
from apps.notifications import services as notifications
from apps.voters import rolls

from . import claims
from .match_reasons import explain_decision
from .models import Attempt, Claim, Letter
from .query import VoterQuery


def register_case_kinds() -> None:
    """Register cases, notices and the tile; called by AppConfig.ready."""
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
        context=_second_claim_context,
        promise_hours=72,
    )
    cases.register_kind(
        "unclear_match",
        title=_("More than one voter fits a member"),
        role=Role.STEWARD,
        template="verification/case_unclear_match.html",
        resolve=_resolve_unclear,
        answers=(("not_found", _("Nobody fits for sure"), "n"), ("again", _("Ask the member to look again"), "a")),
        context=_unclear_match_context,
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


def _second_claim_context(case: Case) -> dict[str, Any]:
    second = Claim.objects.filter(pk=case.subject_id).first()
    all_claims = list(Claim.objects.on_voter(second.voter_key).order_by("created_at")) if second else []
    return {"second": second, "claims": all_claims, "letters": Letter.objects.filter(claim__in=all_claims)}


def _resolve_second_claim(case: Case, answer: str, actor: User) -> None:
    del actor
    second = Claim.objects.filter(pk=case.subject_id, state__in=Claim.OPEN_STATES).first()
    if second is None:
        return
    first = Claim.objects.on_voter(second.voter_key).exclude(pk=second.pk).order_by("created_at").first()
    if answer == "neither":
        for claim in Claim.objects.on_voter(second.voter_key):
            _end_claim(claim)
        return
    winner = first if answer == "first" and first else second
    claims.settle_claim(winner, confirmed=winner.state == Claim.State.CONFIRMED)


def _end_claim(claim: Claim) -> None:
    claims.release_claim(claim)
    notifications.notify(member=claim.member, kind="claim_ended", key=str(claim.pk), facts={"claim": claim.pk})


def _unclear_match_context(case: Case) -> dict[str, Any]:
    attempt = Attempt.objects.filter(pk=case.key).first()
    decisions = list(attempt.decisions.order_by("turn")) if attempt else []
    return {
        "attempt": attempt,
        "query": VoterQuery.from_text(attempt.query) if attempt else None,
        "decisions": decisions,
        "reasons": explain_decision(decisions[-1]) if decisions else None,
        "rolls": rolls.live_snapshots(),
    }


def _resolve_unclear(case: Case, answer: str, actor: User) -> None:
    """End the look-up or let the member enter it again for free; staff never choose a record for a member."""
    del actor
    review = Attempt.objects.filter(pk=case.key, state=Attempt.State.REVIEW)
    with transaction.atomic():
        if answer == "again":
            review.update(state=Attempt.State.DETAIL, followed_up=False)
        else:
            review.update(state=Attempt.State.NOT_FOUND)
