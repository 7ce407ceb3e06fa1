"""Decide cases with a delay: an answer takes effect after ten minutes, and can be undone until then.

The effect usually notifies members, and a notification cannot be withdrawn. See decision record 0018.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core.errors import Refused
from apps.jobs import jobs, task_names
from apps.jobs.models import Job

from . import services as cases
from .models import Case

if TYPE_CHECKING:
    from apps.accounts.models import User

TASK = task_names.APPLY_DECISION
UNDO = timedelta(minutes=10)
# Tolerated clock difference between machines when the job comes due.
CLOCK_TOLERANCE = timedelta(seconds=5)


def decide(*, case: Case, actor: "User", answer: str, note: str = "") -> Case:
    """Answer a case that the actor has taken; raise Refused if it is not assigned to them."""
    cases.require_role(case, actor)
    kind = cases.kind_of(case.kind)
    kind.answer(answer)
    now = timezone.now()
    with transaction.atomic():
        own_case = Case.objects.filter(pk=case.pk, state=Case.State.TAKEN, taken_by=actor)
        if not own_case.update(state=Case.State.ANSWERED, answer=answer, closed_at=now):
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


def undo(*, case: Case, actor: "User") -> Case:
    """Undo the actor's own answer before it takes effect; the case is assigned to the actor again."""
    with transaction.atomic():
        own_case = Case.objects.filter(pk=case.pk, state=Case.State.ANSWERED, taken_by=actor)
        if not own_case.update(state=Case.State.TAKEN, answer="", closed_at=None, taken_at=timezone.now()):
            raise Refused(_("This answer has taken effect. It cannot be taken back."))
        case.refresh_from_db()
        audit.log_write(actor=actor, action="case.taken_back", subject=case, facts={"kind": case.kind})
    return case


def last_undoable(actor: "User") -> Case | None:
    """Return the case that the actor answered last and can still undo."""
    return Case.objects.filter(state=Case.State.ANSWERED, taken_by=actor).order_by("-closed_at").first()


def apply_due(case_id: int) -> None:
    """Apply an answer unless it was undone. If the effect is refused, return the case to its queue."""
    due = Case.objects.filter(
        pk=case_id, state=Case.State.ANSWERED, closed_at__lte=timezone.now() - UNDO + CLOCK_TOLERANCE
    ).select_related("taken_by")
    try:
        with transaction.atomic():
            case = due.select_for_update(of=("self",)).first()
            if case is not None:
                cases.apply_answer(case, case.taken_by, case.answer)
    except Refused:
        reopen(due)


def return_to_queue(job: Job) -> None:
    """Return the case of a dead job to its queue."""
    reopen(Case.objects.filter(pk=int(job.args["case_id"]), state=Case.State.ANSWERED))


def reopen(cases: QuerySet[Case]) -> None:
    """Return cases to their queues."""
    cases.update(state=Case.State.WAITING, answer="", closed_at=None, taken_by=None, taken_at=None)
