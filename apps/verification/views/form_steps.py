"""The look-up one question at a time: each question is a page of its own, so that Back works and nothing is lost."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from .. import form_steps, quotas
from ..form_steps import QuestionForm
from ..forms import LookUpForm
from . import member


@login_required
@require_http_methods(["GET", "POST"])
def show_step(request: HttpRequest, question: str) -> HttpResponse:
    """Show one question, or take its answer and go on to the next; the last one looks."""
    if question not in form_steps.FIELDS:
        raise Http404
    if request.method == "POST":
        return _take(request, question)
    if request.GET:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    typed = form_steps.answers(request.session)
    if missing := form_steps.open_question(typed, before=question):
        return _go(missing)
    mine = form_steps.inputs(question, typed)
    return _page(request, QuestionForm(question, mine or None, initial=member.last_typed(request.user)), question)


def _take(request: HttpRequest, question: str) -> HttpResponse:
    if question == "name" and any(form_steps.inputs("birth-date", request.POST).values()):
        # Enter in the one-page form of a wide screen presses its first button, which is this question's.
        return member.find(request)
    form = QuestionForm(question, request.POST)
    if not form.is_valid():
        return _page(request, form, question, status=400)
    typed = form_steps.keep(request.session, question, request.POST)
    if after := form_steps.following(question):
        return redirect("verification:question", after)
    if missing := form_steps.open_question(typed):
        return _go(missing)
    return member.look(request, LookUpForm(typed))


def _go(question: str) -> HttpResponse:
    return redirect("verification:find") if question == "name" else redirect("verification:question", question)


def _page(request: HttpRequest, form: QuestionForm, question: str, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "question": question,
        "title": form_steps.TITLES[question],
        "number": form_steps.ORDER.index(question) + 1,
        "count": len(form_steps.ORDER),
        "before": form_steps.previous(question),
        "last": not form_steps.following(question),
        "allowance": quotas.allowance(request.user),
        "most": quotas.ACCOUNT_A_DAY,
    }
    return render(request, "verification/question.html", context, status=status)
