"""What I did here: the member's own feed, newest first."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.errors import BackendUnavailable, BadInput

from .base import activity
from .labels import sentence_of

PAGE = 40


@login_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """A page of the feed; `before` goes on below it. Where the store is away the page says so."""
    before = request.GET.get("before") or None
    try:
        entries = activity().feed(int(request.user.pk or 0), limit=PAGE + 1, before=before)
    except BadInput:
        entries = activity().feed(int(request.user.pk or 0), limit=PAGE + 1)
    except BackendUnavailable:
        return render(request, "activity/feed.html", {"away": True}, status=503)
    shown = entries[:PAGE]
    context = {
        "acts": [(sentence_of(entry.kind), entry.at) for entry in shown],
        "next": shown[-1].cursor if len(entries) > PAGE else "",
        "later": bool(before),
    }
    return render(request, "activity/feed.html", context)
