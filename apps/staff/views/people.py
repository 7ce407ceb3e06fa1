"""Search of the roll, for stewards: the reason first, written down before the answer."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.roles import Role, require_role
from apps.records import audit
from apps.voters import suppression
from apps.voters.models import Suppression
from apps.voters.search.base import voter_index

from ..forms import PeopleForm, ProtectForm

LIMIT = 25


@require_role(Role.STEWARD)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Find voters by name and place. A POST, so that no name stands in an address or a log."""
    form = PeopleForm(request.POST if request.method == "POST" else None)
    hits = None
    if form.is_valid():
        query = form.query()
        reason = form.cleaned_data["reason"]
        # Committed before the index is asked: a page that fails has been asked for all the same.
        audit.log_read(actor=request.user, subject="voters.roll:search", fields=query, reason=reason)
        hits = voter_index().search_people(query, LIMIT)
    return render(request, "staff/people.html", {"form": form, "hits": hits, "limit": LIMIT})


@require_role(Role.STEWARD)
@require_POST
def protect(request: HttpRequest) -> HttpResponse:
    """Take a voter off: from now on nobody finds them, and only a keyed hash of them is kept."""
    form = ProtectForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why this voter is taken off. Nothing was changed."))
        return redirect("staff:people")
    state, voter_id = form.cleaned_data["state"], form.cleaned_data["voter_id"]
    with transaction.atomic():
        row = suppression.suppress(state=state, voter_id=voter_id, by=Suppression.By.STAFF)
        reason = form.cleaned_data["reason"]
        audit.log_write(actor=request.user, action="voter.taken_off", subject=row, reason=reason)
    messages.success(request, _("Taken off. Nobody finds this voter here any more."))
    return redirect("staff:people")
