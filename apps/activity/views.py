"""The member's own feed, newest first."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.errors import BackendUnavailable, BadInput

from .base import activity
from .labels import activity_label

PAGE_SIZE = 40


@login_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Show a page of the feed, older than the cursor `before`; status 503 while the backend is down."""
    before = request.GET.get("before") or None
    try:
        entries = activity().feed(int(request.user.pk or 0), limit=PAGE_SIZE + 1, before=before)
    except BadInput:
        entries = activity().feed(int(request.user.pk or 0), limit=PAGE_SIZE + 1)
    except BackendUnavailable:
        return render(request, "activity/feed.html", {"away": True}, status=503)
    shown = entries[:PAGE_SIZE]
    context = {
        "acts": [(activity_label(entry.kind), entry.at) for entry in shown],
        "next": shown[-1].cursor if len(entries) > PAGE_SIZE else "",
        "later": bool(before),
    }
    return render(request, "activity/feed.html", context)
