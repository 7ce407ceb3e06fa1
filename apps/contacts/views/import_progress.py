"""An import on its way and after: counts, time left, stop, undo, the rows that could not be read."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.contacts.export import safe_cell
from apps.contacts.imports import previews
from apps.contacts.models import Contact, Import
from apps.contacts.oauth import PROVIDERS
from apps.contacts.services import erasure
from apps.jobs.models import Job
from apps.voters import rolls

from .labels import STATUS_ORDER
from .upload import preview

State = Import.State
LIVE = {State.WAITING, State.RUNNING}
# Why a run at a provider ended before its preview, and what helps.
STOP_WORDS = {
    "code": gettext_lazy("The permission could not be used. Start once more from “Bring your contacts”."),
    "expired": gettext_lazy("The permission ran out before all was read. Start once more."),
    "scope": gettext_lazy("The permission was for something else than reading contacts. Start once more."),
    "busy": gettext_lazy("The provider asked us to wait again and again. Try it later, or bring a file."),
    "away": gettext_lazy("The provider did not answer. Try it later, or bring a file."),
    "too_many": gettext_lazy("The address book has more than 10,000 people. Bring parts of it as files."),
    "odd": gettext_lazy("The provider answered in a way that we do not know. Bring a file instead."),
    "stopped": gettext_lazy("You stopped it."),
}


def _mine(request: HttpRequest, import_id: int) -> Import:
    found: Import = get_object_or_404(Import.objects.of(request.user), pk=import_id)
    return found


@login_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """All ways in of this member, the newest first."""
    mine = Import.objects.of(request.user).order_by("-id")[:50]
    return render(request, "contacts/imports.html", {"imports": mine})


@login_required
@require_safe
def page(request: HttpRequest, import_id: int) -> HttpResponse:
    """The preview of a draft; else how far the import is."""
    current = _mine(request, import_id)
    if current.state == State.DRAFT:
        return preview(request, current)
    if current.state == State.FETCHING:
        return render(request, "contacts/fetching.html", _reading(current))
    return render(request, "contacts/progress.html", facts(current))


def _reading(current: Import) -> dict[str, Any]:
    waits = Job.objects.filter(task="import.fetch", key__startswith=f"{current.pk}:", not_before__gt=Now())
    return {"import": current, "waits": waits.unfinished().exists()}


@login_required
@require_safe
def slip(request: HttpRequest, import_id: int) -> HttpResponse:
    """The part of the page that htmx swaps each second; the last one reloads the page."""
    current = _mine(request, import_id)
    if current.state == State.FETCHING:
        return render(request, "contacts/_fetching.html", _reading(current))
    response = render(request, "contacts/_slip.html", facts(current))
    if current.state not in LIVE:
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
@require_safe
def said(request: HttpRequest, import_id: int) -> HttpResponse:
    """The sentence that is read aloud, every ten seconds at most."""
    current = _mine(request, import_id)
    words = _("%(done)d of %(total)d done.") % {"done": current.done, "total": current.total}
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def facts(current: Import) -> dict[str, Any]:
    """Return what the page of an import shows."""
    live = current.state in LIVE
    ended = current.counts if current.state in {State.DONE, State.STOPPED} else {}
    counts = ended or Contact.objects.of_import(current.pk).by_status()
    return {
        "import": current,
        "live": live,
        "left": time_left(current) if live else "",
        "stopped_at_provider": STOP_WORDS.get(current.reason, "") if current.kind in PROVIDERS else "",
        "counts": [(status, counts[status]) for status in STATUS_ORDER if counts.get(status)],
        "snapshots": list(rolls.live_snapshots().values()),
        "bad": previews.bad_rows(current)[:20] if current.bad else [],
    }


def time_left(current: Import) -> str:
    """Return words on the time left, from how long the rows before took."""
    if not current.started_at or not current.done or current.done >= current.total:
        return ""
    passed = (timezone.now() - current.started_at).total_seconds()
    seconds = max(1, round(passed / current.done * (current.total - current.done)))
    if seconds < 90:
        return ngettext("about %(number)d second left", "about %(number)d seconds left", seconds) % {"number": seconds}
    minutes = round(seconds / 60)
    return ngettext("about %(number)d minute left", "about %(number)d minutes left", minutes) % {"number": minutes}


@login_required
@require_POST
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop a running import and keep nothing, or take back one that ended."""
    erasure.undo(import_=_mine(request, import_id))
    messages.success(request, _("What this import brought is taken back."))
    return redirect("contacts:home")


@login_required
@require_safe
def bad_rows(request: HttpRequest, import_id: int) -> HttpResponse:
    """The rows that could not be read, with line, reason and cure, as CSV."""
    current = _mine(request, import_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rows-to-mend.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["line", "reason", "cure", "text"])
    for row in previews.bad_rows(current):
        writer.writerow([row["line"], *(safe_cell(row[key]) for key in ("reason", "cure", "text"))])
    return response
