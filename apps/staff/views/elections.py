"""Elections and deadlines for stewards; later file loads do not overwrite them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.requests import MemberRequest
from apps.core.errors import BadInput
from apps.core.roles import Role, require_role
from apps.districts import lookup
from apps.officials.elections import add_election, edit_election
from apps.officials.models import Election

from ..elections_forms import ElectionForm

MAX_ROWS = 200
steward_only = require_role(Role.STEWARD)


@steward_only
@require_safe
def list_elections(request: MemberRequest) -> HttpResponse:
    """List coming elections, nearest first, and recent ones."""
    day = lookup.today()
    context = {
        "coming": Election.objects.from_day(day).prefetch_related("deadlines")[:MAX_ROWS],
        "over": Election.objects.filter(date__lt=day).order_by("-date", "pk")[:20],
    }
    return render(request, "staff/elections.html", context)


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def create_election(request: MemberRequest) -> HttpResponse:
    """Create an election that no file has."""
    return _render_form(request, None)


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_election(request: MemberRequest, election_id: int) -> HttpResponse:
    """Correct an election or its deadlines."""
    return _render_form(request, get_object_or_404(Election.objects.prefetch_related("deadlines"), pk=election_id))


def _render_form(request: MemberRequest, election: Election | None) -> HttpResponse:
    form = ElectionForm(
        request.POST if request.method == "POST" else None, initial=ElectionForm.initial_values(election)
    )
    if form.is_valid():
        actor, reason = request.user, form.cleaned_data["reason"]
        values = {"actor": actor, "reason": reason, "deadlines": form.deadlines(), **form.election_values()}
        try:
            saved = edit_election(election=election, **values) if election else add_election(**values)
        except BadInput as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved: %(election)s. Loads of files leave it as it is.") % {"election": saved})
            return redirect("staff:elections")
    return render(request, "staff/election.html", {"form": form, "election": election})
