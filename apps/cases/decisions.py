"""An answer to a case takes effect after ten minutes; until then whoever gave it may take it back.

Effects tell members something, and what was told cannot be untold: so the effect waits, not the remedy.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core.errors import Refused
from apps.jobs import jobs
from apps.jobs.models import Job

from . import services as cases
from .models import Case

TASK = "default.settle_case"
UNDO = timedelta(minutes=10)
# A clock of another machine may be behind by this much when the work comes due.
SLACK = timedelta(seconds=5)


def give(*, case: Case, actor: Any, answer: str, note: str = "") -> Case:
    """Answer a case that the actor has taken; Refused where it is not theirs."""
    cases.allowed(case, actor)
    kind = cases.kind_of(case.kind)
    kind.answer(answer)
    now = timezone.now()
    with transaction.atomic():
        mine = Case.objects.filter(pk=case.pk, state=Case.State.TAKEN, taken_by=actor)
        if not mine.update(state=Case.State.ANSWERED, answer=answer, closed_at=now):
            raise Refused(_("This case is not yours any more. Open it again to see who has it."))
        case.refresh_from_db()
        if note:
            case.note = note
            case.save(update_fields=["note"])
        facts = {"kind": kind.name, "answer": answer}
        audit.log_write(actor=actor, action="case.answered", subject=case, facts=facts)
        key = f"{case.pk}-{int(now.timestamp())}"
        jobs.enqueue(TASK, key=key, args={"case_id": case.pk}, delay=UNDO.total_seconds())
    return case


def take_back(*, case: Case, actor: Any) -> Case:
    """Take one's own answer back before it has its effect; the case is the actor's again."""
    with transaction.atomic():
        mine = Case.objects.filter(pk=case.pk, state=Case.State.ANSWERED, taken_by=actor)
        if not mine.update(state=Case.State.TAKEN, answer="", closed_at=None, taken_at=timezone.now()):
            raise Refused(_("This answer has taken effect. It cannot be taken back."))
        case.refresh_from_db()
        audit.log_write(actor=actor, action="case.taken_back", subject=case, facts={"kind": case.kind})
    return case


def last_of(actor: Any) -> Case | None:
    """Return the case that the actor answered last and may still take back."""
    return Case.objects.filter(state=Case.State.ANSWERED, taken_by=actor).order_by("-closed_at").first()


def settle(case_id: int) -> None:
    """Let an answer have its effect, unless it was taken back. What cannot be done puts the case back in its queue."""
    due = Case.objects.filter(
        pk=case_id, state=Case.State.ANSWERED, closed_at__lte=timezone.now() - UNDO + SLACK
    ).select_related("taken_by")
    try:
        with transaction.atomic():
            case = due.select_for_update(of=("self",)).first()
            if case is not None:
                cases.have_effect(case, case.taken_by, case.answer)
    except Refused:
        reopen(due)


def stopped(job: Job) -> None:
    """The effect failed for good: somebody has to look at the case again."""
    reopen(Case.objects.filter(pk=int(job.args["case_id"]), state=Case.State.ANSWERED))


def reopen(found: Any) -> None:
    """Put cases back into their queues."""
    found.update(state=Case.State.WAITING, answer="", closed_at=None, taken_by=None, taken_at=None)
