"""The audit log for auditors: entries, state of the chain, accesses per account."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.audit.models import AuditEntry
from apps.audit.services import verify_chain
from apps.core.roles import Role, require_role

PAGE_SIZE = 50


@require_role(Role.AUDITOR)
@require_safe
def show_audit(request: MemberRequest) -> HttpResponse:
    """List entries, newest first, with the week's counts per account."""
    entries = AuditEntry.objects.order_by("-number")
    kind = request.GET.get("kind", "")
    if kind in AuditEntry.Kind.values:
        entries = entries.filter(kind=kind)
    actor = request.GET.get("actor", "")
    if actor.isascii() and actor.isdigit():
        entries = entries.filter(actor_id=int(actor[:18]))
    week = (
        AuditEntry.objects.filter(at__gt=timezone.now() - timedelta(days=7))
        .exclude(actor_id=None)
        .values("actor_id", "role")
        .annotate(reads=Count("number", filter=Q(kind="read")), writes=Count("number", filter=Q(kind="write")))
        .order_by("-reads", "-writes")[:20]
    )
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "staff/audit.html", {"page": page, "kind": kind, "actor": actor, "week": week})


@require_role(Role.AUDITOR)
@require_POST
def check_chain(request: MemberRequest) -> HttpResponse:
    """Verify the whole chain now."""
    state = verify_chain()
    if state.broken is None:
        messages.success(request, _("The chain is sound: %(count)d entries.") % {"count": state.entries})
    else:
        message = _("The chain breaks at entry %(number)d. Keep a copy of the database and look who had access.")
        messages.error(request, message % {"number": state.broken})
    return redirect("staff:audit")
