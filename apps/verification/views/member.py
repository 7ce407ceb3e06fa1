"""Pages of a member's own registration: form, wait, result, letter, code. Every lookup is a POST."""

from datetime import datetime, time, timedelta
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
from apps.core.networks import client_network
from apps.core.quotas import QuotaExceeded

from .. import form_steps, letters, public_facts, quotas, services, suppression_requests, timing
from ..forms import DETAIL_FORMS, CodeForm, LookUpForm
from ..models import Attempt, Letter
from ..query import VoterQuery


@login_required
@require_GET
def home(request: MemberRequest) -> HttpResponse:
    """Show the member's registration, or the form to find it."""
    registration = services.current_registration(request.user)
    if registration is None:
        return show_form(request)
    context = {
        "registration": registration,
        "claim": services.current_claim(request.user),
        "facts": public_facts.of_registration(registration),
        "is_hidden": suppression_requests.is_hidden(request.user),
        **_letter_context(request),
    }
    return render(request, "verification/result.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def find(request: MemberRequest) -> HttpResponse:
    """Show the form or start a lookup; refuse personal data in the URL."""
    if request.method == "GET":
        if request.GET:
            return HttpResponse(status=405, headers={"Allow": "POST"})
        return show_form(request)
    return run_lookup(request, LookUpForm(request.POST))


def show_form(request: MemberRequest) -> HttpResponse:
    """Show the form, or before any question that no lookup is left today."""
    has_look_up = quotas.allowance(request.user).remaining or services.free_snapshot(request.user) is not None
    if not has_look_up or not quotas.has_room(quotas.origin_of(request)):
        return _render_used_up(request, status=200)
    return _render_form(request, LookUpForm(initial=_initial_values(request)))


def run_lookup(request: MemberRequest, form: LookUpForm) -> HttpResponse:
    """Start the lookup of a valid form, or show the form with its errors."""
    if not form.is_valid():
        return _render_form(request, form, status=400)
    has_moved = bool(form.cleaned_data.get("has_moved"))
    try:
        attempt = services.look_up(
            member=request.user, query=form.query, origin=quotas.origin_of(request), has_moved=has_moved
        )
    except QuotaExceeded:
        return _render_used_up(request, status=429)
    form_steps.clear_input(request.session)
    return redirect("verification:attempt", attempt.pk)


def _render_form(request: MemberRequest, form: LookUpForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "allowance": quotas.allowance(request.user),
        "most": quotas.LOOKUPS_PER_ACCOUNT_AND_DAY,
        "is_free": services.free_snapshot(request.user) is not None,
        "rolls": public_facts.of_rolls(),
    }
    return render(request, "verification/form.html", context, status=status)


def _render_used_up(request: MemberRequest, *, status: int) -> HttpResponse:
    """Say that the lookups of the account, or of the network, are used up for today."""
    allowance = quotas.allowance(request.user)
    context = {"allowance": allowance, "most": quotas.LOOKUPS_PER_ACCOUNT_AND_DAY}
    response = render(request, "verification/no_checks_left.html", context, status=status)
    tomorrow = allowance.free_on or timezone.localdate() + timedelta(days=1)
    at = timezone.make_aware(datetime.combine(tomorrow, time.min))
    response["Retry-After"] = str(max(1, int((at - timezone.now()).total_seconds())))
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
    return {name: getattr(query, name) for name in ("first_name", "last_name", "address", "city", "zip")}


@login_required
@require_GET
def show_attempt(request: MemberRequest, number: UUID) -> HttpResponse:
    """Show an attempt: its progress or its result. Attempts of other members do not exist."""
    return _render_attempt(request, _own_attempt(request, number))


@login_required
@require_GET
def progress_fragment(request: MemberRequest, number: UUID) -> HttpResponse:
    """Return the progress that htmx polls, or reload the page at the tick of the result."""
    attempt = _own_attempt(request, number)
    if timing.is_revealed(attempt):
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
    if not timing.is_revealed(attempt):
        return render(request, "verification/waiting.html", {"attempt": attempt, "every": timing.TICK.seconds or 1})
    if attempt.state == Attempt.State.MATCHED:
        return redirect("verification:home")
    query = VoterQuery.from_text(attempt.query)
    if attempt.state == Attempt.State.DETAIL:
        form = form or DETAIL_FORMS[attempt.requested_detail]()
        context = {"attempt": attempt, "form": form, "query": query}
        return render(request, "verification/detail.html", context, status=status)
    if attempt.state == Attempt.State.STOPPED:
        return render(request, "verification/stopped.html", {"attempt": attempt, "query": query})
    # Built only from the query and public facts, so that it is the same for every reason.
    context = {"attempt": attempt, "query": query, "facts": public_facts.of_query(query), **_letter_context(request)}
    return render(request, "verification/not_found.html", context)


def _letter_context(request: MemberRequest) -> dict[str, Any]:
    """Return the member's last request for a letter, whatever its outcome."""
    return {"letter": Letter.objects.latest_of(request.user).first(), "code_form": CodeForm()}


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
def request_letter(request: MemberRequest, number: UUID | None = None) -> HttpResponse:
    """Request a letter for the query of an attempt, or for the linked registration."""
    registration = services.current_registration(request.user)
    if number is not None:
        query = VoterQuery.from_text(_own_attempt(request, number).query)
    elif registration is not None:
        query = registration.query
    else:
        raise Http404
    try:
        letters.request_letter(member=request.user, query=query, network=client_network(request))
        messages.success(request, _("The letter is requested."))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("verification:attempt", number) if number else redirect("verification:home")


@login_required
@require_POST
def confirm_code(request: MemberRequest) -> HttpResponse:
    """Compare the code of a letter."""
    form = CodeForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("The code has eight letters and digits."))
        elif letters.confirm_code(member=request.user, code=form.cleaned_data["code"]):
            messages.success(request, _("Confirmed: the code is the one that we mailed to the registered address."))
        else:
            messages.error(request, _("This is not the code of a letter that we mailed for you. Look at it again."))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("verification:home")


@login_required
@require_POST
def undo_suppression(request: MemberRequest) -> HttpResponse:
    """End the suppression of the member's own record."""
    if suppression_requests.undo_suppression(member=request.user):
        messages.success(request, _("Your registration is no longer hidden from others."))
    return redirect("verification:home")
