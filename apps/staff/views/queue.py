"""Queues of cases: the list, one case, its answer, and on to the next; the keyboard is enough."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit import services as audit
from apps.cases import decisions
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.errors import Refused
from apps.core.roles import may, require_staff

from ..forms import AnswerForm

SHOWN = 100


def _kind(request: HttpRequest, name: str) -> cases.CaseKind:
    """Return a kind that the reader may decide; to others its queue does not exist."""
    try:
        kind = cases.kind_of(name)
    except ValueError as error:
        raise Http404 from error
    if not may(request.user, kind.role):
        raise Http404
    return kind


def _undo(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's last answer that has no effect yet, with the words of its button."""
    last = decisions.last_undoable(request.user)
    return {"last": last, "last_words": cases.kind_of(last.kind).answer(last.answer).label} if last else {}


def _case(request: HttpRequest, kind: str, case_id: int) -> tuple[cases.CaseKind, Case]:
    return _kind(request, kind), get_object_or_404(Case, pk=case_id, kind=kind)


@require_staff
@require_safe
def queue(request: HttpRequest, kind: str) -> HttpResponse:
    """The cases of one kind without an answer, the oldest first."""
    rows = Case.objects.unanswered().of_kind(kind)
    context = {"kind": _kind(request, kind), "rows": rows[:SHOWN], "total": rows.count(), **_undo(request)}
    return render(request, "staff/queue.html", context)


@require_staff
@require_POST
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Take the oldest case of a queue."""
    _kind(request, kind)
    return _on(request, kind, after=0)


def _on(request: HttpRequest, kind: str, *, after: int) -> HttpResponse:
    case = cases.take_next(request.user, kind, after=after)
    if case is None:
        messages.success(request, _("Nothing is left in this queue."))
        return redirect("staff:queue", kind)
    return redirect("staff:case", kind, case.pk)


@require_staff
@require_POST
def take(request: HttpRequest, kind: str, case_id: int) -> HttpResponse:
    """Take one case of the list."""
    _known, case = _case(request, kind, case_id)
    try:
        cases.take(case, request.user)
    except Refused:
        messages.warning(request, _("Somebody else is looking at this case."))
        return redirect("staff:queue", kind)
    return redirect("staff:case", kind, case_id)


@require_staff
@require_safe
def detail(request: HttpRequest, kind: str, case_id: int) -> HttpResponse:
    """One case, for whoever took it; what it shows of a person is written down first."""
    known, case = _case(request, kind, case_id)
    mine = case.state == Case.State.TAKEN and case.taken_by_id == request.user.pk
    context = {"kind": known, "case": case, "mine": mine, **_undo(request)}
    if mine and known.reads:
        reason = f"To decide case {case.pk}"
        audit.log_read(actor=request.user, subject=case, fields=known.reads, reason=reason)
    if mine:
        context["left"] = Case.objects.unanswered().of_kind(kind).count()
        context |= known.context(case) if known.context else {}
    return render(request, "staff/case.html", context)


@require_staff
@require_POST
def answer(request: HttpRequest, kind: str, case_id: int) -> HttpResponse:
    """Close a case with an answer, and go on to the next."""
    _known, case = _case(request, kind, case_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        given = {name: form.cleaned_data[name] for name in ("answer", "note")}
        decisions.decide(case=case, actor=request.user, **given)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("staff:case", kind, case_id)
    return _on(request, kind, after=case.pk)


@require_staff
@require_POST
def take_back(request: HttpRequest, kind: str, case_id: int) -> HttpResponse:
    """Take one's own answer back within ten minutes, and look at the case again."""
    _known, case = _case(request, kind, case_id)
    try:
        decisions.undo(case=case, actor=request.user)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("staff:queue", kind)
    return redirect("staff:case", kind, case_id)


@require_staff
@require_POST
def skip(request: HttpRequest, kind: str, case_id: int) -> HttpResponse:
    """Put a case back and go on to the next."""
    _known, case = _case(request, kind, case_id)
    cases.release(case, request.user)
    return _on(request, kind, after=case.pk)
