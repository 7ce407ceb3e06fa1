"""Search of the roll for stewards; case or reason are logged before the search, and people a day are limited."""

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.requests import MemberRequest
from apps.audit import services as audit
from apps.core.errors import BackendUnavailable, BadInput
from apps.core.roles import Role, require_role
from apps.voters import rolls, suppression
from apps.voters.models import Suppression
from apps.voters.search.base import VoterHit, voter_index
from apps.voters.search.embedded import EmbeddedVoterIndex
from apps.voters.search.people_search import highlighted_names

from .. import people_limits
from ..forms import OpenStreetForm, SuppressForm, VoterSearchForm

MAX_HITS = 25
SUBJECT = "voters.roll:search"


@require_role(Role.STEWARD)
@require_http_methods(["GET", "HEAD", "POST"])
def search_voters(request: MemberRequest) -> HttpResponse:
    """Find voters by name and place. A POST, so that no name appears in a URL or a log."""
    form = VoterSearchForm(request.POST if request.method == "POST" else None, steward=request.user)
    if not form.is_valid():
        return _render(request, form)
    allowed = people_limits.reserve(request.user, MAX_HITS)
    if not allowed:
        messages.warning(
            request, _("You have seen today’s %(count)s people.") % {"count": people_limits.PEOPLE_PER_DAY}
        )
        return _render(request, form, status=429)
    query = form.query()
    # Committed before the search, so that a failing page is logged too.
    audit.log_read(actor=request.user, subject=SUBJECT, fields=query, reason=form.stated_reason())
    hits: list[VoterHit] = []
    try:
        hits, is_degraded = _search(query, allowed)
    except BadInput:
        form.add_error("last_name", _("Type at least two letters of the last name."))
        return _render(request, form)
    finally:
        people_limits.release(request.user, allowed - len(hits))
    rows = [(hit, highlighted_names(hit, query)) for hit in hits]
    return _render(request, form, hits=rows, away=is_degraded)


def _render(request: MemberRequest, form: VoterSearchForm, status: int = 200, **found: object) -> HttpResponse:
    context = {"form": form, "hits": None, "limit": MAX_HITS, "left": people_limits.left(request.user)}
    return render(request, "staff/people.html", context | found, status=status)


def _search(query: Mapping[str, str], limit: int) -> tuple[list[VoterHit], bool]:
    """Query the index, or the slower embedded one while its server is unavailable; return hits and whether it was."""
    try:
        return voter_index().search_people(query, limit), False
    except BackendUnavailable:
        return EmbeddedVoterIndex("files:").search_people(query, limit), True


@require_role(Role.STEWARD)
@require_POST
def open_street(request: MemberRequest) -> HttpResponse:
    """Show the street of one voter; it counts as one more person of the day."""
    form = OpenStreetForm(request.POST, steward=request.user)
    if not form.is_valid() or not people_limits.reserve(request.user, 1):
        messages.warning(request, _("Nothing was opened: the reason is missing, or today’s people are used up."))
        return redirect("staff:people")
    state, voter_id = form.cleaned_data["state"], form.cleaned_data["voter_id"]
    audit.log_read(actor=request.user, subject=SUBJECT, fields=["address"], reason=form.stated_reason())
    return render(request, "staff/street.html", {"row": rolls.get_voter(state, voter_id)})


@require_role(Role.STEWARD)
@require_POST
def suppress_voter(request: MemberRequest) -> HttpResponse:
    """Suppress a voter: no one finds them here, and only a keyed hash remains."""
    form = SuppressForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why this voter is taken off. Nothing was changed."))
        return redirect("staff:people")
    state, voter_id = form.cleaned_data["state"], form.cleaned_data["voter_id"]
    with transaction.atomic():
        row = suppression.suppress(state=state, voter_id=voter_id, by=Suppression.By.STAFF)
        reason = form.cleaned_data["reason"]
        audit.log_write(actor=request.user, action="voter.taken_off", subject=row, reason=reason)
    messages.success(request, _("Done. Nobody can find this voter here anymore."))
    return redirect("staff:people")
