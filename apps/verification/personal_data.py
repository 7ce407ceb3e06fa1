"""Personal data of look-ups and claims: export, erasure and retention."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.privacy import registry as privacy

from . import quotas, suppression_requests
from .models import Attempt, Claim, QuotaUse
from .query import Typed

ATTEMPT_DAYS = 30


def register_personal_data() -> None:
    """Fill the registry of personal data; called in AppConfig.ready."""
    privacy.register(
        Attempt,
        title=_("The times you looked for your registration"),
        row=_attempt,
        keep=_("30 days"),
    )
    privacy.register(
        Claim,
        title=_("The registration that is linked to your account"),
        row=_claim,
        keep=_("Until you give it up, or your account goes"),
    )
    privacy.register(
        QuotaUse,
        title=_("Counts of your look-ups"),
        fields=("kind", "at"),
        erase=lambda member: QuotaUse.objects.filter(member=member).update(member=None),
        keep=_("One week; after your account goes they name nobody"),
    )
    privacy.register_retention("verification.attempts", days=ATTEMPT_DAYS, purge=_purge_attempts)
    privacy.register_retention("verification.claims", days=ATTEMPT_DAYS, purge=_purge_claims)
    privacy.register_retention(
        "verification.hide_requests", days=suppression_requests.KEEP_DAYS, purge=suppression_requests.purge_requests
    )
    privacy.register_retention("verification.budgets", days=7, purge=quotas.purge)


def _attempt(attempt: Attempt) -> dict[str, Any]:
    typed = asdict(Typed.from_text(attempt.typed))
    return {"typed": typed, "state": attempt.state, "made_at": attempt.made_at}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "typed": asdict(Typed.from_text(claim.typed)),
        "state": claim.state,
        "agreed": claim.agreed,
        "roll": claim.roll_state,
        "made_at": claim.made_at,
    }


def _purge_attempts(before: datetime) -> int:
    return Attempt.objects.filter(made_at__lt=before).delete()[0]


def _purge_claims(before: datetime) -> int:
    return Claim.objects.filter(state=Claim.State.RELEASED, ended_at__lt=before).delete()[0]
