"""Pages of an import during and after its run: counts, time left, undo, unreadable rows."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Now
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.contacts.export import escape_formula
from apps.contacts.imports import previews
from apps.contacts.models import Contact, Import
from apps.contacts.oauth import PROVIDERS
from apps.contacts.services import erasure
from apps.jobs import task_names
from apps.jobs.models import Job
from apps.voters import rolls

from .labels import STATUS_ORDER
from .upload import render_preview

State = Import.State
LIVE_STATES = {State.WAITING, State.RUNNING}
# Why a fetch ended before its preview, and what helps.
STOP_MESSAGES = {
    "code": gettext_lazy("The permission could not be used. Start once more from “Bring your contacts”."),
    "expired": gettext_lazy("The permission ran out before all was read. Start once more."),
    "scope": gettext_lazy("The permission was for something else than reading contacts. Start once more."),
    "busy": gettext_lazy("The provider asked us to wait again and again. Try it later, or bring a file."),
    "away": gettext_lazy("The provider did not answer. Try it later, or bring a file."),
    "too_many": gettext_lazy("The address book has more than 10,000 people. Bring parts of it as files."),
    "odd": gettext_lazy("The provider answered in a way that we do not know. Bring a file instead."),
    "stopped": gettext_lazy("You stopped it."),
}


def _own_import(request: MemberRequest, import_id: int) -> Import:
    contact_import: Import = get_object_or_404(Import.objects.owned_by(request.user), pk=import_id)
    return contact_import


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """List the member's imports, newest first."""
    recent = Import.objects.owned_by(request.user).order_by("-id")[:50]
    return render(request, "contacts/imports.html", {"imports": recent})


@login_required
@require_safe
def show(request: MemberRequest, import_id: int) -> HttpResponse:
    """Show the preview of a draft, or the progress of an import."""
    current = _own_import(request, import_id)
    if current.state == State.DRAFT:
        return render_preview(request, current)
    if current.state == State.FETCHING:
        return render(request, "contacts/fetching.html", _fetch_context(current))
    return render(request, "contacts/progress.html", progress_context(current))


def _fetch_context(current: Import) -> dict[str, Any]:
    waits = Job.objects.filter(task=task_names.FETCH_CONTACTS, key__startswith=f"{current.pk}:", not_before__gt=Now())
    return {"import": current, "waits": waits.unfinished().exists()}


@login_required
@require_safe
def progress_fragment(request: MemberRequest, import_id: int) -> HttpResponse:
    """Return the fragment that htmx polls every second; the last one reloads the page."""
    current = _own_import(request, import_id)
    if current.state == State.FETCHING:
        return render(request, "contacts/_fetching.html", _fetch_context(current))
    response = render(request, "contacts/_slip.html", progress_context(current))
    if current.state not in LIVE_STATES:
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
@require_safe
def announcement(request: MemberRequest, import_id: int) -> HttpResponse:
    """Return the progress as plain text for screen readers, polled every ten seconds."""
    current = _own_import(request, import_id)
    text = _("%(done)d of %(total)d done.") % {"done": current.done, "total": current.total}
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def progress_context(current: Import) -> dict[str, Any]:
    """Return the template context of an import."""
    live = current.state in LIVE_STATES
    ended = current.counts if current.state in {State.DONE, State.STOPPED} else {}
    counts = ended or Contact.objects.from_import(current.pk).counts_by_status()
    return {
        "import": current,
        "live": live,
        "left": time_left(current) if live else "",
        "stopped_at_provider": STOP_MESSAGES.get(current.reason, "") if current.kind in PROVIDERS else "",
        "counts": [(status, counts[status]) for status in STATUS_ORDER if counts.get(status)],
        "snapshots": list(rolls.live_snapshots().values()),
        "bad": previews.bad_rows(current)[:20] if current.bad else [],
    }


def time_left(current: Import) -> str:
    """Return the estimated time left in words, from the pace so far; empty if unknown."""
    if not current.started_at or not current.done or current.done >= current.total:
        return ""
    elapsed = (timezone.now() - current.started_at).total_seconds()
    seconds = max(1, round(elapsed / current.done * (current.total - current.done)))
    if seconds < 90:
        return ngettext("about %(number)d second left", "about %(number)d seconds left", seconds) % {"number": seconds}
    minutes = round(seconds / 60)
    return ngettext("about %(number)d minute left", "about %(number)d minutes left", minutes) % {"number": minutes}


@login_required
@require_POST
def undo(request: MemberRequest, import_id: int) -> HttpResponse:
    """Stop a running import and discard it, or undo a finished one."""
    erasure.undo_import(import_=_own_import(request, import_id))
    messages.success(request, _("What this import brought is taken back."))
    return redirect("contacts:home")


@login_required
@require_safe
def bad_rows(request: MemberRequest, import_id: int) -> HttpResponse:
    """Return unreadable rows as CSV with line, reason and cure."""
    current = _own_import(request, import_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rows-to-fix.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["line", "reason", "cure", "text"])
    for row in previews.bad_rows(current):
        writer.writerow([row["line"], *(escape_formula(row[key]) for key in ("reason", "cure", "text"))])
    return response
