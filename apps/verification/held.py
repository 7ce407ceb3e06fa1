"""What is held about a member here: how it leaves with them, how it goes, until when it is kept."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.records import personal

from . import budgets, hiding
from .models import Attempt, Claim, Spent
from .typed import Typed

ATTEMPT_DAYS = 30


def register() -> None:
    """Fill the registry of personal data; called in AppConfig.ready."""
    personal.register(
        Attempt,
        title=_("The times you looked for your registration"),
        export=_attempts,
        erase=lambda member: Attempt.objects.filter(member=member).delete()[0],
        keep=_("30 days"),
    )
    personal.register(
        Claim,
        title=_("The registration that is linked to your account"),
        export=_claims,
        erase=lambda member: Claim.objects.filter(member=member).delete()[0],
        keep=_("Until you give it up, or your account goes"),
    )
    personal.register(
        Spent,
        title=_("Counts of your look-ups"),
        export=lambda member: ({"kind": s.kind, "at": s.at} for s in Spent.objects.filter(member=member)),
        erase=lambda member: Spent.objects.filter(member=member).update(member=None),
        keep=_("One week; after your account goes they name nobody"),
    )
    personal.register_retention("verification.attempts", days=ATTEMPT_DAYS, purge=_purge_attempts)
    personal.register_retention("verification.claims", days=ATTEMPT_DAYS, purge=_purge_claims)
    personal.register_retention("verification.hide_requests", days=hiding.KEEP_DAYS, purge=hiding.forget)
    personal.register_retention("verification.budgets", days=7, purge=budgets.purge)


def _attempts(member: Any) -> Iterator[dict[str, Any]]:
    for attempt in Attempt.objects.of(member):
        typed = asdict(Typed.from_text(attempt.typed))
        yield {"typed": typed, "state": attempt.state, "made_at": attempt.made_at}


def _claims(member: Any) -> Iterator[dict[str, Any]]:
    for claim in Claim.objects.filter(member=member).order_by("pk"):
        yield {
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
