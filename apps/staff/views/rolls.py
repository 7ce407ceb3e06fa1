"""Pages of the rolls: what is live and why, what waits, the quarantine, and the weekly refresh as a button."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import Refused, VotekinError
from apps.core.roles import Role, may, require_role, require_staff
from apps.verification import registration_changes
from apps.voters import quarantine, refresh, snapshots, sources
from apps.voters.models import LiveRoll, Refresh, Snapshot

from ..accuracy_card import cards_of
from ..forms import ReasonForm
from ..roll_summary import facts_of, told_of

SHOWN = 20
ROWS_SHOWN = 200
steward_only = require_role(Role.STEWARD)


@require_staff
@require_safe
def rolls(request: HttpRequest) -> HttpResponse:
    """The live rolls, what waits to be accepted, what was loaded lately, and what went wrong."""
    loading = list(Snapshot.objects.loading())
    context = {
        "live": live_facts(),
        "waiting": [facts_of(snapshot) for snapshot in Snapshot.objects.waiting().order_by("state")],
        "recent": [facts_of(snapshot) for snapshot in Snapshot.objects.order_by("-id")[:SHOWN]],
        "loading": loading,
        "refreshes": Refresh.objects.order_by("-pk")[:5],
        "sources": refresh.incoming_sources(),
        "steward": may(request.user, Role.STEWARD),
    }
    template = "staff/rolls_progress.html" if request.headers.get("HX-Request") else "staff/rolls.html"
    return render(request, template, context)


def live_facts() -> list[dict[str, Any]]:
    """Return the facts of every live roll."""
    return [facts_of(roll.snapshot) for roll in LiveRoll.objects.select_related("snapshot").order_by("state")]


@require_staff
@require_safe
def roll(request: HttpRequest, number: int) -> HttpResponse:
    """One snapshot: its drift in words and charts, its counts, what can be done about it."""
    snapshot = get_object_or_404(Snapshot, pk=number)
    context = {
        "roll": facts_of(snapshot),
        "told": told_of(registration_changes.counts_of(snapshot.pk)),
        "cards": cards_of(snapshot),
        "form": ReasonForm(),
        "steward": may(request.user, Role.STEWARD),
        "back": Snapshot.objects.rollback_candidates(snapshot.state).first() if snapshot.status == "live" else None,
    }
    return render(request, "staff/roll.html", context)


@steward_only
@require_POST
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Let a waiting roll go live in spite of its drift."""
    form = ReasonForm(request.POST)
    waiting: QuerySet[Snapshot] = cast("QuerySet[Snapshot]", Snapshot.objects.waiting())
    snapshot = get_object_or_404(waiting, pk=number)
    if not form.is_valid():
        messages.warning(request, _("Say why it may go live. Nothing was changed."))
        return redirect("staff:roll", number)
    try:
        sources.check_accepted([snapshot.layout])
        snapshots.accept(actor=cast("User", request.user), snapshot=snapshot, reason=form.cleaned_data["reason"])
    except VotekinError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("This roll answers from now on."))
    return redirect("staff:roll", number)


@steward_only
@require_POST
def back(request: HttpRequest, number: int) -> HttpResponse:
    """Let the roll before this live one answer again."""
    form = ReasonForm(request.POST)
    snapshot = get_object_or_404(Snapshot, pk=number, status=Snapshot.Status.LIVE)
    if not form.is_valid():
        messages.warning(request, _("Say why the roll before is right. Nothing was changed."))
        return redirect("staff:roll", number)
    try:
        before = snapshots.roll_back(
            snapshot.state, actor=cast("User", request.user), reason=form.cleaned_data["reason"]
        )
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("staff:roll", number)
    messages.success(request, _("The roll before answers again."))
    return redirect("staff:roll", before.pk)


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def quarantined(request: HttpRequest, number: int) -> HttpResponse:
    """The rows of a load that could not be read; they hold what the roll says of people, so the reading is logged."""
    snapshot = get_object_or_404(Snapshot, pk=number)
    name = (snapshot.counts or {}).get("quarantine")
    if not name:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    rows = None
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        audit.log_read(actor=request.user, subject=snapshot, fields=["quarantined rows"], reason=reason)
        rows = list(quarantine.read(name, ROWS_SHOWN))
    context = {"form": form, "snapshot": snapshot, "rows": rows, "total": snapshot.counts["quarantined"]}
    return render(request, "staff/quarantine.html", context)


@steward_only
@require_safe
def permitted(request: HttpRequest) -> HttpResponse:
    """What each source permits."""
    return render(request, "staff/roll_sources.html", {"terms": sources.all_terms()})


@steward_only
@require_POST
def accept_terms(request: HttpRequest, layout: str) -> HttpResponse:
    """Accept what one source permits."""
    try:
        sources.accept(actor=cast("User", request.user), layout=layout, digest=request.POST.get("digest", ""))
    except VotekinError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Accepted. It is written down with your name and the hour."))
    return redirect("staff:roll_sources")


@steward_only
@require_POST
def start_refresh(request: HttpRequest) -> HttpResponse:
    """Load what is new of every source; the page shows how far it is."""
    try:
        sources.check_accepted([source.layout for source in refresh.incoming_sources()])
        if refresh.enqueue_refresh():
            audit.log_write(actor=request.user, action="roll.refresh_asked", subject="rolls")
    except VotekinError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The refresh starts. This page shows what comes of it."))
    return redirect("staff:rolls")
