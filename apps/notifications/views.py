"""The inbox."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from .models import Notice
from .services import mark_read, page_of

PAGE = 25


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """List the member's notices, newest first."""
    mine = Notice.objects.of(request.user)
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    rows = [page_of(notice) for notice in page.object_list]
    unread = mine.unread().count()
    return render(request, "notifications/inbox.html", {"page": page, "rows": rows, "unread": unread})


@require_safe
@login_required
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show one notice and mark it as read."""
    row = get_object_or_404(Notice.objects.of(request.user), pk=notice_id)
    mark_read(member=request.user, notice_id=row.pk)
    return render(request, "notifications/notice.html", {"page": page_of(row)})


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    mark_read(member=request.user)
    return redirect("notifications:inbox")
