"""The staff home page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.requests import MemberRequest
from apps.core.roles import may, require_staff

from .. import flags, queues
from .rolls import live_summaries


@require_staff
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Show the queues of the user's role, the live rolls and the feature flags."""
    queues_of_role = queues.queues_for(request.user)
    by_age = sorted((queue for queue in queues_of_role if queue.oldest), key=lambda queue: queue.oldest)  # type: ignore[arg-type, return-value]
    context = {
        "queues": queues_of_role,
        "total": sum(queue.waiting for queue in queues_of_role),
        "late": sum(queue.late for queue in queues_of_role),
        "first": by_age[0] if by_age else None,
        "flags": flags.all_flags() if may(request.user) else [],
        "live": live_summaries(),
    }
    return render(request, "staff/home.html", context)
