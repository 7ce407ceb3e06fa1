"""A member's own registration: the form, the wait, the answer, the code. Every look-up is a POST."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from apps.core.errors import Refused
from apps.voters import rolls

from .. import form_steps, letters, quotas, services
from ..forms import FORMS, CodeForm, LookUpForm
from ..models import Attempt
from ..query import Typed
from ..quotas import QuotaExceeded

# The rows of the evidence table, in the order of the form.
ROWS = ("first_name", "middle_name", "last_name", "dob", "address", "city", "zip", "phone")


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the member's registration, or the form to find it."""
    claim = services.claim_of(request.user)
    registration = services.current(request.user)
    if claim is None or registration is None:
        return _form_page(request, LookUpForm(initial=_begun(request)))
    context = {
        "registration": registration,
        "claim": claim,
        "rows": _evidence(registration.typed, registration.agreed),
        "letter": claim.letters.open().first(),
        "code_form": CodeForm(),
        "snapshot": rolls.live_snapshot(registration.state),
    }
    return render(request, "verification/result.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Take a look-up: budgets are spent before anything is answered. Names in an address are refused."""
    if request.method == "GET":
        if request.GET:
            return HttpResponse(status=405, headers={"Allow": "POST"})
        return _form_page(request, LookUpForm(initial=_begun(request)))
    return look(request, LookUpForm(request.POST))


def look(request: HttpRequest, form: LookUpForm) -> HttpResponse:
    """Look for what was typed, or show the form with what to mend."""
    if not form.is_valid():
        return _form_page(request, form, status=400)
    try:
        attempt = services.look_up(member=request.user, typed=form.typed, network=quotas.client_network(request))
    except QuotaExceeded as error:
        return _no_checks_left(request, form, error)
    form_steps.drop(request.session)
    return redirect("verification:attempt", attempt.pk)


def _form_page(request: HttpRequest, form: LookUpForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "allowance": quotas.allowance(request.user), "rolls": rolls.live_snapshots().values()}
    return render(request, "verification/form.html", {**context, "most": quotas.ACCOUNT_A_DAY}, status=status)


def _no_checks_left(request: HttpRequest, form: LookUpForm, error: QuotaExceeded) -> HttpResponse:
    context = {"form": form, "free_at": error.free_at, "most": quotas.ACCOUNT_A_DAY}
    response = render(request, "verification/no_checks_left.html", context, status=429)
    response["Retry-After"] = str(max(1, int((error.free_at - timezone.now()).total_seconds())))
    return response


def _begun(request: HttpRequest) -> dict[str, Any]:
    """Return what stands in the form before anything is typed there."""
    return last_typed(request.user) | form_steps.answers(request.session)


def last_typed(member: Any) -> dict[str, Any]:
    """Return what the member typed last, so that nobody types it twice; the birth date is asked for again."""
    last = Attempt.objects.of(member).first()
    if last is None:
        return {}
    typed = Typed.from_text(last.typed)
    return {name: getattr(typed, name) for name in ("first_name", "last_name", "address", "city", "zip", "phone")}


@login_required
@require_GET
def attempt(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show one look-up: the wait, or its answer. Somebody else's does not exist."""
    return _attempt_page(request, _mine(request, number))


@login_required
@require_GET
def slip(request: HttpRequest, number: UUID) -> HttpResponse:
    """Answer the page's own question whether the answer is there."""
    found = _mine(request, number)
    if found.state != Attempt.State.WAITING:
        return HttpResponseClientRefresh()
    return render(request, "verification/_waiting.html", {"attempt": found})


def _mine(request: HttpRequest, number: UUID) -> Attempt:
    found: Attempt | None = Attempt.objects.filter(pk=number, member_id=request.user.pk).first()
    if found is None:
        raise Http404
    return found


def _attempt_page(request: HttpRequest, found: Attempt, form: Any = None, status: int = 200) -> HttpResponse:
    if found.state == Attempt.State.MATCHED and services.current(request.user):
        return redirect("verification:home")
    typed = Typed.from_text(found.typed)
    if found.state == Attempt.State.DETAIL:
        form = form or FORMS[found.asked_for]()
        context = {"attempt": found, "form": form, "typed": typed}
        return render(request, "verification/detail.html", context, status=status)
    template = {
        Attempt.State.WAITING: "verification/waiting.html",
        Attempt.State.REVIEW: "verification/review.html",
        Attempt.State.STOPPED: "verification/stopped.html",
    }.get(Attempt.State(found.state), "verification/not_found.html")
    return render(request, template, {"attempt": found, "typed": typed, "rolls": rolls.live_snapshots().values()})


@login_required
@require_POST
def follow_up(request: HttpRequest, number: UUID) -> HttpResponse:
    """Take the one free detail."""
    found = _mine(request, number)
    if found.state != Attempt.State.DETAIL:
        return redirect("verification:attempt", found.pk)
    form = FORMS[found.asked_for](request.POST)
    if not form.is_valid():
        return _attempt_page(request, found, form, status=400)
    value = str(form.cleaned_data[found.asked_for])
    services.follow_up(attempt=found, detail=found.asked_for, value=value)
    return redirect("verification:attempt", found.pk)


@login_required
@require_POST
def not_me(request: HttpRequest) -> HttpResponse:
    """Give the record up."""
    if services.give_up(member=request.user):
        messages.success(request, _("This registration is no longer linked to your account."))
    return redirect("verification:home")


@login_required
@require_POST
def ask_letter(request: HttpRequest) -> HttpResponse:
    """Ask for a code by mail."""
    try:
        letters.request_letter(member=request.user)
        messages.success(request, _("A letter with a code goes to the registered address."))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("verification:home")


@login_required
@require_POST
def type_code(request: HttpRequest) -> HttpResponse:
    """Try the code of a letter."""
    form = CodeForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("The code has eight letters and digits."))
        elif letters.type_code(member=request.user, code=form.cleaned_data["code"]):
            messages.success(request, _("Proved. Nobody else can link this registration now."))
        else:
            messages.error(request, _("This is not the code of the letter. Look at it again."))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("verification:home")


def _evidence(typed: Typed, agreed: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of the evidence: what was typed, and Same or Skipped. Never a value of the roll."""
    return [
        {"name": name, "typed": getattr(typed, name), "outcome": "same" if name in agreed else "skipped"}
        for name in ROWS
        if getattr(typed, name) or name in ("dob", "zip")
    ]
