"""Search of the roll, for stewards: the reason first, written down before the answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.audit import services as audit
from apps.audit.models import AuditEntry
from apps.core.errors import BackendUnavailable
from apps.core.roles import Role, require_role
from apps.voters import suppression
from apps.voters.models import Suppression
from apps.voters.search.base import VoterHit, voter_index
from apps.voters.search.embedded import EmbeddedVoterIndex
from apps.voters.search.people_search import highlighted_names

from ..forms import PeopleForm, ProtectForm

LIMIT = 25
A_DAY = 200  # searches of one steward: far above any day's cases, far below copying a roll
SUBJECT = "voters.roll:search"


@require_role(Role.STEWARD)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Find voters by name and place. A POST, so that no name stands in an address or a log."""
    form = PeopleForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "staff/people.html", {"form": form, "hits": None, "limit": LIMIT})
    if _searches_today(request.user) >= A_DAY:
        messages.warning(request, _("You have used today's %(count)s searches of the roll.") % {"count": A_DAY})
        return render(request, "staff/people.html", {"form": form, "hits": None, "limit": LIMIT}, status=429)
    query = form.query()
    # Committed before the index is asked: a page that fails has been asked for all the same.
    audit.log_read(actor=request.user, subject=SUBJECT, fields=query, reason=form.cleaned_data["reason"])
    hits, away = _found(query)
    rows = [(hit, highlighted_names(hit, query)) for hit in hits]
    return render(request, "staff/people.html", {"form": form, "hits": rows, "limit": LIMIT, "away": away})


def _searches_today(steward: Any) -> int:
    since = timezone.now() - timedelta(days=1)
    return AuditEntry.objects.filter(actor_id=steward.pk, subject=SUBJECT, at__gt=since).count()


def _found(query: Mapping[str, str]) -> tuple[list[VoterHit], bool]:
    """Ask the index; where its server is away, the roll's own file, which is slower and the same."""
    try:
        return voter_index().search_people(query, LIMIT), False
    except BackendUnavailable:
        return EmbeddedVoterIndex("files:").search_people(query, LIMIT), True


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
