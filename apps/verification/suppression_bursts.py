"""Bursts of suppressions: many voters hidden in one day may be an attack. Two staff members may end them together."""

from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.roles import Role
from apps.voters import suppression

if TYPE_CHECKING:
    from apps.accounts.models import User

FLAGGED: Final = "suppression_burst"
SECOND: Final = "suppression_burst_second"
# Suppressions of one day at the persons' own request that open a case.
MANY_PER_DAY: Final = 25


def register_case_kinds() -> None:
    """Register the case of a burst, and the case that asks a second person; called by AppConfig.ready."""
    answers = (("end", _("End all of that day"), "e"), ("keep", _("They stay"), "k"))
    cases.register_kind(
        FLAGGED,
        title=_("Many voters hidden in one day"),
        role=Role.STEWARD,
        template="verification/case_suppression_burst.html",
        resolve=_ask_second_person,
        answers=answers,
        first_people=lambda case: set(),
    )
    cases.register_kind(
        SECOND,
        title=_("Many voters hidden in one day: a second person"),
        role=Role.STEWARD,
        template="verification/case_suppression_burst.html",
        resolve=_end,
        answers=answers,
        first_people=lambda case: {case.subject_id},
    )


def flag_burst() -> None:
    """Open the case of today if many voters were hidden today; in the caller's transaction."""
    today = timezone.localdate()
    count = suppression.own_suppressions(today)
    if count >= MANY_PER_DAY and not cases.was_opened(kind=FLAGGED, key=today.isoformat()):
        cases.open_case(kind=FLAGGED, subject_id=0, key=today.isoformat(), facts={"day": today.isoformat()})


def _ask_second_person(case: Case, answer: str, actor: "User | None") -> None:
    if answer == "end" and actor is not None:
        cases.open_case(kind=SECOND, subject_id=actor.pk, key=case.key, facts=case.facts)


def _end(case: Case, answer: str, actor: "User | None") -> None:
    if answer == "end":
        count = suppression.end_own_of_day(date.fromisoformat(str(case.facts["day"])))
        audit.log_write(actor=actor, action="voters.burst_ended", subject=case, facts={"count": count})
