"""The lookup form one step per page, so that Back works and no input is lost."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.requests import MemberRequest

from .. import form_steps, public_facts, quotas
from ..form_steps import StepForm
from ..forms import LookUpForm
from . import member


@login_required
@require_http_methods(["GET", "POST"])
def show_step(request: MemberRequest, question: str) -> HttpResponse:
    """Show one step or accept it and continue; the last step starts the lookup."""
    if question not in form_steps.STEP_FIELDS:
        raise Http404
    if request.method == "POST":
        return _accept_step(request, question)
    if request.GET:
        return HttpResponse(status=405, headers={"Allow": "POST"})
    stored = form_steps.stored_input(request.session)
    if missing := form_steps.first_incomplete_step(stored, before=question):
        return _redirect_to_step(missing)
    step_input = form_steps.step_input(question, stored)
    return _render_step(
        request, StepForm(question, step_input or None, initial=member.last_query_values(request.user)), question
    )


def _accept_step(request: MemberRequest, question: str) -> HttpResponse:
    if question == "name" and any(form_steps.step_input("birth-date", request.POST).values()):
        # Enter in the one-page form presses its first button, which belongs to this step.
        return member.find(request)
    form = StepForm(question, request.POST)
    if not form.is_valid():
        return _render_step(request, form, question, status=400)
    stored = form_steps.store_input(request.session, question, request.POST)
    if after := form_steps.next_step(question):
        return redirect("verification:question", after)
    if missing := form_steps.first_incomplete_step(stored):
        return _redirect_to_step(missing)
    return member.run_lookup(request, LookUpForm(stored))


def _redirect_to_step(question: str) -> HttpResponse:
    return redirect("verification:find") if question == "name" else redirect("verification:question", question)


def _render_step(request: MemberRequest, form: StepForm, question: str, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "question": question,
        "title": form_steps.STEP_TITLES[question],
        "number": form_steps.STEPS.index(question) + 1,
        "count": len(form_steps.STEPS),
        "before": form_steps.previous_step(question),
        "last": not form_steps.next_step(question),
        "allowance": quotas.allowance(request.user),
        "most": quotas.LOOKUPS_PER_ACCOUNT_AND_DAY,
        "rolls": public_facts.of_rolls(),
    }
    return render(request, "verification/question.html", context, status=status)
