"""Registers the personal data of lookups, claims and letters: export, erasure and retention."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core import quotas as core_quotas
from apps.privacy import registry as privacy

from . import claims, suppression_requests
from .models import Attempt, Claim, Letter
from .query import VoterQuery

RETENTION_DAYS = 30


def register_personal_data() -> None:
    """Register the models of this app; called by AppConfig.ready."""
    privacy.register(
        Attempt,
        title=_("The times you looked for your registration"),
        row=_export_attempt,
        keep=_("30 days"),
    )
    privacy.register(
        Claim,
        title=_("The registration that is linked to your account"),
        row=_export_claim,
        keep=_("Until you give it up, or your account goes; 90 days without a code from a letter"),
    )
    privacy.register(
        Letter,
        title=_("Letters that you requested"),
        row=_export_letter,
        keep=_("One year"),
    )
    privacy.register_retention("verification.attempts", days=RETENTION_DAYS, purge=_purge_attempts)
    privacy.register_retention("verification.claims", days=RETENTION_DAYS, purge=_purge_claims)
    privacy.register_retention("verification.letters", days=365, purge=_purge_letters)
    privacy.register_retention(
        "verification.suppression_requests",
        days=suppression_requests.MAX_AGE_DAYS,
        purge=suppression_requests.purge_requests,
    )
    privacy.register_retention("core.quotas", days=core_quotas.LONGEST_DAYS, purge=lambda _before: core_quotas.purge())


def _export_attempt(attempt: Attempt) -> dict[str, Any]:
    query = asdict(VoterQuery.from_text(attempt.query))
    return {"typed": query, "state": attempt.state, "created_at": attempt.created_at}


def _export_claim(claim: Claim) -> dict[str, Any]:
    return {
        "typed": asdict(VoterQuery.from_text(claim.query)),
        "state": claim.state,
        "roll": claim.roll_state,
        "created_at": claim.created_at,
    }


def _export_letter(letter: Letter) -> dict[str, Any]:
    # Without the letter's outcome, which would reveal whether the roll has a voter of this name and birth date.
    return {"typed": asdict(VoterQuery.from_text(letter.query)), "requested_at": letter.requested_at}


def _purge_attempts(before: datetime) -> int:
    return Attempt.objects.filter(created_at__lt=before).delete()[0]


def _purge_claims(before: datetime) -> int:
    claims.end_lapsed()
    return Claim.objects.filter(state=Claim.State.RELEASED, ended_at__lt=before).delete()[0]


def _purge_letters(before: datetime) -> int:
    return Letter.objects.filter(requested_at__lt=before).delete()[0]
