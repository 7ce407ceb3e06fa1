"""What waits for you."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.roles import may, require_staff

from .. import flags, queues
from .rolls import live_facts


@require_staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every queue of the reader's role, the live rolls, and the features in preview."""
    waiting = queues.of(request.user)
    ordered = sorted((queue for queue in waiting if queue.oldest), key=lambda queue: queue.oldest)  # type: ignore[arg-type, return-value]
    context = {
        "queues": waiting,
        "total": sum(queue.waiting for queue in waiting),
        "late": sum(queue.late for queue in waiting),
        "first": ordered[0] if ordered else None,
        "flags": flags.all_flags() if may(request.user) else [],
        "live": live_facts(),
    }
    return render(request, "staff/home.html", context)
