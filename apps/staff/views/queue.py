"""Queues of cases: list, one case, its decision, and on to the next; usable by keyboard alone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.accounts.views import fresh_password_to_post
from apps.audit import services as audit
from apps.cases import decisions
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.errors import Refused
from apps.core.roles import may, require_staff

from ..forms import DecisionForm

MAX_ROWS = 100


def _visible_kind(request: MemberRequest, name: str) -> cases.CaseKind:
    """Return a kind that the reader may decide; to others its queue does not exist."""
    try:
        kind = cases.kind_of(name)
    except ValueError as error:
        raise Http404 from error
    if not may(request.user, kind.role):
        raise Http404
    return kind


def _undo_context(request: MemberRequest) -> dict[str, Any]:
    """Return the user's last decision that can still be retracted."""
    last = decisions.last_undoable(request.user)
    return {"last": last, "last_words": cases.kind_of(last.kind).answer(last.answer).label} if last else {}


def _kind_and_case(request: MemberRequest, kind: str, case_id: int) -> tuple[cases.CaseKind, Case]:
    return _visible_kind(request, kind), get_object_or_404(Case, pk=case_id, kind=kind)


@require_staff
@require_safe
def show_queue(request: MemberRequest, kind: str) -> HttpResponse:
    """List undecided cases of a kind, oldest first."""
    rows = Case.objects.unanswered().of_kind(kind)
    context = {
        "kind": _visible_kind(request, kind),
        "rows": [(case, cases.waits_for_second_person(case, request.user)) for case in rows[:MAX_ROWS]],
        "total": rows.count(),
        **_undo_context(request),
    }
    return render(request, "staff/queue.html", context)


@require_staff
@require_POST
def take_oldest(request: MemberRequest, kind: str) -> HttpResponse:
    """Take the oldest case of a queue."""
    _visible_kind(request, kind)
    return _redirect_to_next(request, kind, after=0)


def _redirect_to_next(request: MemberRequest, kind: str, *, after: int) -> HttpResponse:
    case = cases.take_next(request.user, kind, after=after)
    if case is None:
        messages.success(request, _("Nothing is left in this queue."))
        return redirect("staff:queue", kind)
    return redirect("staff:case", kind, case.pk)


@require_staff
@require_POST
def take_case(request: MemberRequest, kind: str, case_id: int) -> HttpResponse:
    """Take one case of the list."""
    _known, case = _kind_and_case(request, kind, case_id)
    try:
        cases.take(case, request.user)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("staff:queue", kind)
    return redirect("staff:case", kind, case_id)


@require_staff
@require_safe
def show_case(request: MemberRequest, kind: str, case_id: int) -> HttpResponse:
    """Show a case to the user who took it; log access to personal data first."""
    case_kind, case = _kind_and_case(request, kind, case_id)
    is_mine = case.state == Case.State.TAKEN and case.taken_by_id == request.user.pk
    context = {"kind": case_kind, "case": case, "mine": is_mine, **_undo_context(request)}
    if is_mine and case_kind.reads:
        reason = f"To decide case {case.pk}"
        audit.log_read(actor=request.user, subject=case, fields=case_kind.reads, reason=reason)
    if is_mine:
        context["left"] = Case.objects.unanswered().of_kind(kind).count()
        context |= case_kind.context(case) if case_kind.context else {}
    return render(request, "staff/case.html", context)


@require_staff
@require_POST
def decide_case(request: MemberRequest, kind: str, case_id: int) -> HttpResponse:
    """Decide a case and continue with the next; a decision for two people needs a fresh password."""
    decide = fresh_password_to_post(_decide) if _visible_kind(request, kind).first_people else _decide
    return decide(request, kind, case_id)


def _decide(request: MemberRequest, kind: str, case_id: int) -> HttpResponse:
    _known, case = _kind_and_case(request, kind, case_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        decision = {name: form.cleaned_data[name] for name in ("answer", "note")}
        decisions.decide(case=case, actor=request.user, **decision)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("staff:case", kind, case_id)
    return _redirect_to_next(request, kind, after=case.pk)


@require_staff
@require_POST
def retract_decision(request: MemberRequest, kind: str, case_id: int) -> HttpResponse:
    """Retract one's own decision within ten minutes and reopen the case."""
    _known, case = _kind_and_case(request, kind, case_id)
    try:
        decisions.undo(case=case, actor=request.user)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("staff:queue", kind)
    return redirect("staff:case", kind, case_id)


@require_staff
@require_POST
def skip_case(request: MemberRequest, kind: str, case_id: int) -> HttpResponse:
    """Release a case and continue with the next."""
    _known, case = _kind_and_case(request, kind, case_id)
    cases.release(case, request.user)
    return _redirect_to_next(request, kind, after=case.pk)
