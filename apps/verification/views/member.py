"""Pages of a member's own registration: form, wait, result, code. Every look-up is a POST."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from apps.accounts.models import User
from apps.accounts.requests import MemberRequest
from apps.core.errors import Refused
from apps.voters import rolls

from .. import form_steps, letters, quotas, services
from ..forms import DETAIL_FORMS, CodeForm, LookUpForm
from ..models import Attempt
from ..query import VoterQuery
from ..quotas import QuotaExceeded

# Rows of the evidence table, in the order of the form.
EVIDENCE_FIELDS = ("first_name", "middle_name", "last_name", "dob", "address", "city", "zip", "phone")


@login_required
@require_GET
def home(request: MemberRequest) -> HttpResponse:
    """Show the member's registration, or the form to find it."""
    claim = services.current_claim(request.user)
    registration = services.current_registration(request.user)
    if claim is None or registration is None:
        return _render_form(request, LookUpForm(initial=_initial_values(request)))
    context = {
        "registration": registration,
        "claim": claim,
        "rows": _evidence_rows(registration.query, registration.agreeing_fields),
        "letter": claim.letters.open().first(),
        "code_form": CodeForm(),
        "snapshot": rolls.live_snapshot(registration.state),
    }
    return render(request, "verification/result.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def find(request: MemberRequest) -> HttpResponse:
    """Show the form or start a look-up; refuse personal data in the URL."""
    if request.method == "GET":
        if request.GET:
            return HttpResponse(status=405, headers={"Allow": "POST"})
        return _render_form(request, LookUpForm(initial=_initial_values(request)))
    return run_lookup(request, LookUpForm(request.POST))


def run_lookup(request: MemberRequest, form: LookUpForm) -> HttpResponse:
    """Start the look-up of a valid form, or show the form with its errors."""
    if not form.is_valid():
        return _render_form(request, form, status=400)
    try:
        attempt = services.look_up(member=request.user, query=form.query, network=quotas.client_network(request))
    except QuotaExceeded as error:
        return _render_quota_exceeded(request, form, error)
    form_steps.clear_input(request.session)
    return redirect("verification:attempt", attempt.pk)


def _render_form(request: MemberRequest, form: LookUpForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "allowance": quotas.allowance(request.user), "rolls": rolls.live_snapshots().values()}
    return render(
        request, "verification/form.html", {**context, "most": quotas.LOOKUPS_PER_ACCOUNT_AND_DAY}, status=status
    )


def _render_quota_exceeded(request: MemberRequest, form: LookUpForm, error: QuotaExceeded) -> HttpResponse:
    context = {"form": form, "free_at": error.free_at, "most": quotas.LOOKUPS_PER_ACCOUNT_AND_DAY}
    response = render(request, "verification/no_checks_left.html", context, status=429)
    response["Retry-After"] = str(max(1, int((error.free_at - timezone.now()).total_seconds())))
    return response


def _initial_values(request: MemberRequest) -> dict[str, Any]:
    """Return the initial values of the form."""
    return last_query_values(request.user) | form_steps.stored_input(request.session)


def last_query_values(member: User) -> dict[str, Any]:
    """Return the member's last query for the form, without the birth date, which must be entered again."""
    last = Attempt.objects.of(member).first()
    if last is None:
        return {}
    query = VoterQuery.from_text(last.query)
    return {name: getattr(query, name) for name in ("first_name", "last_name", "address", "city", "zip", "phone")}


@login_required
@require_GET
def show_attempt(request: MemberRequest, number: UUID) -> HttpResponse:
    """Show an attempt: its progress or its result. Attempts of other members do not exist."""
    return _render_attempt(request, _own_attempt(request, number))


@login_required
@require_GET
def progress_fragment(request: MemberRequest, number: UUID) -> HttpResponse:
    """Return the progress that htmx polls, or reload the page when the attempt has finished."""
    attempt = _own_attempt(request, number)
    if attempt.state != Attempt.State.WAITING:
        return HttpResponseClientRefresh()
    return render(request, "verification/_waiting.html", {"attempt": attempt})


def _own_attempt(request: MemberRequest, number: UUID) -> Attempt:
    attempt: Attempt | None = Attempt.objects.filter(pk=number, member_id=request.user.pk).first()
    if attempt is None:
        raise Http404
    return attempt


def _render_attempt(
    request: MemberRequest, attempt: Attempt, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    if attempt.state == Attempt.State.MATCHED and services.current_registration(request.user):
        return redirect("verification:home")
    query = VoterQuery.from_text(attempt.query)
    if attempt.state == Attempt.State.DETAIL:
        form = form or DETAIL_FORMS[attempt.requested_detail]()
        context = {"attempt": attempt, "form": form, "query": query}
        return render(request, "verification/detail.html", context, status=status)
    template = {
        Attempt.State.WAITING: "verification/waiting.html",
        Attempt.State.REVIEW: "verification/review.html",
        Attempt.State.STOPPED: "verification/stopped.html",
    }.get(Attempt.State(attempt.state), "verification/not_found.html")
    return render(request, template, {"attempt": attempt, "query": query, "rolls": rolls.live_snapshots().values()})


@login_required
@require_POST
def follow_up(request: MemberRequest, number: UUID) -> HttpResponse:
    """Accept the requested detail."""
    attempt = _own_attempt(request, number)
    if attempt.state != Attempt.State.DETAIL:
        return redirect("verification:attempt", attempt.pk)
    form = DETAIL_FORMS[attempt.requested_detail](request.POST)
    if not form.is_valid():
        return _render_attempt(request, attempt, form, status=400)
    value = str(form.cleaned_data[attempt.requested_detail])
    services.follow_up(attempt=attempt, detail=attempt.requested_detail, value=value)
    return redirect("verification:attempt", attempt.pk)


@login_required
@require_POST
def release_claim(request: MemberRequest) -> HttpResponse:
    """Release the member's claim."""
    if services.release_current_claim(member=request.user):
        messages.success(request, _("This registration is no longer linked to your account."))
    return redirect("verification:home")


@login_required
@require_POST
def request_letter(request: MemberRequest) -> HttpResponse:
    """Request a letter with a code."""
    try:
        letters.request_letter(member=request.user)
        messages.success(request, _("A letter with a code goes to the registered address."))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("verification:home")


@login_required
@require_POST
def confirm_code(request: MemberRequest) -> HttpResponse:
    """Compare the code of a letter."""
    form = CodeForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("The code has eight letters and digits."))
        elif letters.confirm_code(member=request.user, code=form.cleaned_data["code"]):
            messages.success(request, _("Proved. Nobody else can link this registration now."))
        else:
            messages.error(request, _("This is not the code of the letter. Look at it again."))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("verification:home")


def _evidence_rows(query: VoterQuery, agreed: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of the evidence table: the member's own values, each Same or Skipped."""
    return [
        {"name": name, "value": getattr(query, name), "outcome": "same" if name in agreed else "skipped"}
        for name in EVIDENCE_FIELDS
        if getattr(query, name) or name in ("dob", "zip")
    ]
