"""Search of the roll for stewards; the reason is logged before the search."""

from collections.abc import Mapping
from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.accounts.requests import MemberRequest
from apps.audit import services as audit
from apps.audit.models import AuditEntry
from apps.core.errors import BackendUnavailable
from apps.core.roles import Role, require_role
from apps.voters import suppression
from apps.voters.models import Suppression
from apps.voters.search.base import VoterHit, voter_index
from apps.voters.search.embedded import EmbeddedVoterIndex
from apps.voters.search.people_search import highlighted_names

from ..forms import SuppressForm, VoterSearchForm

MAX_HITS = 25
SEARCHES_PER_DAY = 200  # per steward: far above the cases of a day, far below copying a roll
SUBJECT = "voters.roll:search"


@require_role(Role.STEWARD)
@require_http_methods(["GET", "HEAD", "POST"])
def search_voters(request: MemberRequest) -> HttpResponse:
    """Find voters by name and place. A POST, so that no name appears in a URL or a log."""
    form = VoterSearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "staff/people.html", {"form": form, "hits": None, "limit": MAX_HITS})
    if _searches_today(request.user) >= SEARCHES_PER_DAY:
        messages.warning(
            request, _("You have used today's %(count)s searches of the roll.") % {"count": SEARCHES_PER_DAY}
        )
        return render(request, "staff/people.html", {"form": form, "hits": None, "limit": MAX_HITS}, status=429)
    query = form.query()
    # Committed before the search, so that a failing page is logged too.
    audit.log_read(actor=request.user, subject=SUBJECT, fields=query, reason=form.cleaned_data["reason"])
    hits, is_degraded = _search(query)
    rows = [(hit, highlighted_names(hit, query)) for hit in hits]
    return render(request, "staff/people.html", {"form": form, "hits": rows, "limit": MAX_HITS, "away": is_degraded})


def _searches_today(steward: User) -> int:
    since = timezone.now() - timedelta(days=1)
    return AuditEntry.objects.filter(actor_id=steward.pk, subject=SUBJECT, at__gt=since).count()


def _search(query: Mapping[str, str]) -> tuple[list[VoterHit], bool]:
    """Query the index, or the slower embedded one while its server is unavailable; return hits and whether it was."""
    try:
        return voter_index().search_people(query, MAX_HITS), False
    except BackendUnavailable:
        return EmbeddedVoterIndex("files:").search_people(query, MAX_HITS), True


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
    messages.success(request, _("Taken off. Nobody finds this voter here any more."))
    return redirect("staff:people")
