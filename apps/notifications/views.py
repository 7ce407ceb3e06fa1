"""The inbox."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from .models import Notice
from .services import mark_read, page_of

if TYPE_CHECKING:
    from apps.accounts.models import User

PAGE = 25


def _member(request: HttpRequest) -> "User":
    return cast("User", request.user)  # every view below requires sign-in


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """List the member's notices, newest first."""
    mine = Notice.objects.of(_member(request))
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    rows = [page_of(notice) for notice in page.object_list]
    unread = mine.unread().count()
    return render(request, "notifications/inbox.html", {"page": page, "rows": rows, "unread": unread})


@require_safe
@login_required
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show one notice and mark it as read."""
    row = get_object_or_404(Notice.objects.of(_member(request)), pk=notice_id)
    mark_read(member=_member(request), notice_id=row.pk)
    return render(request, "notifications/notice.html", {"page": page_of(row)})


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    mark_read(member=_member(request))
    return redirect("notifications:inbox")
