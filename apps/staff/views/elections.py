"""Elections and their last days, for stewards: what is typed here stays when a file is loaded again."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.core.errors import BadInput
from apps.core.roles import Role, require_role
from apps.districts import lookup
from apps.officials.elections import add_election, edit_election
from apps.officials.models import Election

from ..elections_forms import ElectionForm

SHOWN = 200
steward_only = require_role(Role.STEWARD)


@steward_only
@require_safe
def elections(request: HttpRequest) -> HttpResponse:
    """Coming elections, the nearest first, and those of late."""
    day = lookup.today()
    context = {
        "coming": Election.objects.from_day(day).prefetch_related("deadlines")[:SHOWN],
        "over": Election.objects.filter(date__lt=day).order_by("-date", "pk")[:20],
    }
    return render(request, "staff/elections.html", context)


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_election(request: HttpRequest) -> HttpResponse:
    """Enter an election that no file has."""
    return _form(request, None)


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def election(request: HttpRequest, election_id: int) -> HttpResponse:
    """Correct an election or its last days."""
    return _form(request, get_object_or_404(Election.objects.prefetch_related("deadlines"), pk=election_id))


def _form(request: HttpRequest, known: Election | None) -> HttpResponse:
    form = ElectionForm(request.POST if request.method == "POST" else None, initial=ElectionForm.facts_of(known))
    if form.is_valid():
        actor, reason = cast("User", request.user), form.cleaned_data["reason"]
        asked = {"actor": actor, "reason": reason, "deadlines": form.deadlines(), **form.values()}
        try:
            saved = edit_election(election=known, **asked) if known else add_election(**asked)
        except BadInput as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved: %(election)s. Loads of files leave it as it is.") % {"election": saved})
            return redirect("staff:elections")
    return render(request, "staff/election.html", {"form": form, "election": known})
