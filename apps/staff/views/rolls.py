"""Pages of the rolls: live and waiting snapshots, quarantine, sources, refresh."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.audit import services as audit
from apps.core.errors import Refused, VotekinError
from apps.core.roles import Role, may, require_role, require_staff
from apps.verification import registration_changes
from apps.voters import quarantine, refresh, snapshots, sources
from apps.voters.models import LiveRoll, Refresh, Snapshot

from ..accuracy_card import accuracy_cards
from ..forms import ReasonForm
from ..roll_summary import notified_counts, snapshot_summary

RECENT_SNAPSHOTS = 20
MAX_QUARANTINED_ROWS = 200
steward_only = require_role(Role.STEWARD)


@require_staff
@require_safe
def list_rolls(request: MemberRequest) -> HttpResponse:
    """Show live, waiting, recent and loading snapshots, and refreshes."""
    loading = list(Snapshot.objects.loading())
    context = {
        "live": live_summaries(),
        "waiting": [snapshot_summary(snapshot) for snapshot in Snapshot.objects.waiting().order_by("state")],
        "recent": [snapshot_summary(snapshot) for snapshot in Snapshot.objects.order_by("-id")[:RECENT_SNAPSHOTS]],
        "loading": loading,
        "refreshes": Refresh.objects.order_by("-pk")[:5],
        "sources": refresh.incoming_sources(),
        "steward": may(request.user, Role.STEWARD),
    }
    template = "staff/rolls_progress.html" if request.headers.get("HX-Request") else "staff/rolls.html"
    return render(request, template, context)


def live_summaries() -> list[dict[str, Any]]:
    """Return the summary of every live snapshot."""
    return [snapshot_summary(roll.snapshot) for roll in LiveRoll.objects.select_related("snapshot").order_by("state")]


@require_staff
@require_safe
def show_roll(request: MemberRequest, number: int) -> HttpResponse:
    """Show one snapshot: drift, counts, accuracy, possible actions."""
    snapshot = get_object_or_404(Snapshot, pk=number)
    context = {
        "roll": snapshot_summary(snapshot),
        "notified": notified_counts(registration_changes.change_counts(snapshot.pk)),
        "cards": accuracy_cards(snapshot),
        "form": ReasonForm(),
        "steward": may(request.user, Role.STEWARD),
        "back": Snapshot.objects.rollback_candidates(snapshot.state).first() if snapshot.status == "live" else None,
    }
    return render(request, "staff/roll.html", context)


@steward_only
@require_POST
def accept_roll(request: MemberRequest, number: int) -> HttpResponse:
    """Make a waiting snapshot live in spite of its drift."""
    form = ReasonForm(request.POST)
    waiting: QuerySet[Snapshot] = cast("QuerySet[Snapshot]", Snapshot.objects.waiting())
    snapshot = get_object_or_404(waiting, pk=number)
    if not form.is_valid():
        messages.warning(request, _("Say why it may go live. Nothing was changed."))
        return redirect("staff:roll", number)
    try:
        sources.check_accepted([snapshot.layout])
        snapshots.accept(actor=request.user, snapshot=snapshot, reason=form.cleaned_data["reason"])
    except VotekinError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("This roll answers from now on."))
    return redirect("staff:roll", number)


@steward_only
@require_POST
def roll_back(request: MemberRequest, number: int) -> HttpResponse:
    """Make the previous snapshot live again."""
    form = ReasonForm(request.POST)
    snapshot = get_object_or_404(Snapshot, pk=number, status=Snapshot.Status.LIVE)
    if not form.is_valid():
        messages.warning(request, _("Say why the roll before is right. Nothing was changed."))
        return redirect("staff:roll", number)
    try:
        previous = snapshots.roll_back(snapshot.state, actor=request.user, reason=form.cleaned_data["reason"])
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("staff:roll", number)
    messages.success(request, _("The roll before answers again."))
    return redirect("staff:roll", previous.pk)


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def show_quarantine(request: MemberRequest, number: int) -> HttpResponse:
    """Show quarantined rows; they contain voter data, so the access is logged."""
    snapshot = get_object_or_404(Snapshot, pk=number)
    name = (snapshot.counts or {}).get("quarantine")
    if not name:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    rows = None
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        audit.log_read(actor=request.user, subject=snapshot, fields=["quarantined rows"], reason=reason)
        rows = list(quarantine.read(name, MAX_QUARANTINED_ROWS))
    context = {"form": form, "snapshot": snapshot, "rows": rows, "total": snapshot.counts["quarantined"]}
    return render(request, "staff/quarantine.html", context)


@steward_only
@require_safe
def list_terms(request: MemberRequest) -> HttpResponse:
    """Show the terms of each source."""
    return render(request, "staff/roll_sources.html", {"terms": sources.all_terms()})


@steward_only
@require_POST
def accept_terms(request: MemberRequest, layout: str) -> HttpResponse:
    """Accept the terms of a source."""
    try:
        sources.accept(actor=request.user, layout=layout, digest=request.POST.get("digest", ""))
    except VotekinError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Accepted. It is written down with your name and the hour."))
    return redirect("staff:roll_sources")


@steward_only
@require_POST
def start_refresh(request: MemberRequest) -> HttpResponse:
    """Load what is new from every source; the page shows the progress."""
    try:
        sources.check_accepted([source.layout for source in refresh.incoming_sources()])
        if refresh.enqueue_refresh():
            audit.log_write(actor=request.user, action="roll.refresh_asked", subject="rolls")
    except VotekinError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The refresh starts. This page shows what comes of it."))
    return redirect("staff:rolls")
