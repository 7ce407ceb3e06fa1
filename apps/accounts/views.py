"""The account page: personal data, its export, and account deletion."""

from collections.abc import Callable
from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import Refused
from apps.notifications.models import Notice
from apps.privacy import registry as privacy

from . import consents, exports, services
from .forms import DeleteForm
from .models import User

View = Callable[..., HttpResponse]
# The member enters the password again; this is valid for fifteen minutes.
fresh_password = cast("Callable[[View], View]", reauthentication_required)
fresh_password_to_post = cast("Callable[[View], View]", reauthentication_required(allow_get=True))


def _member(request: HttpRequest) -> User:
    return cast("User", request.user)  # every view below requires sign-in


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the account, the personal data stored about its member, and how long it is kept."""
    me = _member(request)
    export = exports.current(me)
    context = {
        "held": privacy.entries(),
        "export": export,
        "token": exports.token_of(export) if export and export.state == export.State.READY else "",
        "unread": Notice.objects.of(me).unread().count(),
        "sessions": UserSession.objects.filter(user=me).count(),
        "second_step": is_mfa_enabled(me),
        "outdated": consents.outdated(me),
        "agreed_before": me.consents.exists(),
    }
    return render(request, "accounts/home.html", context)


@require_POST
@login_required
def agree(request: HttpRequest) -> HttpResponse:
    """Agree to the current documents."""
    consents.record(_member(request))
    return redirect("accounts:home")


@login_required
@fresh_password_to_post
@require_http_methods(["GET", "POST"])
def download(request: HttpRequest) -> HttpResponse:
    """Request an export."""
    if request.method == "POST":
        exports.request_export(member=_member(request))
        messages.info(
            request, _("We are putting your copy together. You can leave; we send an email when it is ready.")
        )
    return redirect("accounts:home")


@require_safe
@login_required
@fresh_password
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """Download the member's own export; 404 for an expired or another member's token."""
    data = exports.read(member=_member(request), token=token)
    if data is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="application/zip", headers=headers)


@login_required
@fresh_password
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Request the deletion of this account."""
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_at = services.request_deletion(member=_member(request))
        except Refused as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            response = render(request, "accounts/deleted.html", {"erase_at": erase_at})
            response.headers["Clear-Site-Data"] = '"cache"'
            return response
    context = {"form": form, "days": services.UNDO_DAYS, "held": privacy.entries()}
    return render(request, "accounts/delete.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def leaving(request: HttpRequest) -> HttpResponse:
    """Let a member who requested deletion cancel it."""
    me = _member(request)
    if me.erase_at is None:
        return redirect("accounts:home")
    if request.method == "POST":
        try:
            services.cancel_deletion(member=me)
        except Refused:
            return render(request, "accounts/leaving.html", {"too_late": True}, status=409)
        messages.success(request, _("Your account stays. Nothing was erased."))
        return redirect("accounts:home")
    return render(request, "accounts/leaving.html", {"too_late": me.erase_at <= timezone.now()})


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End the member's sessions on all devices, including this one."""
    services.end_sessions(member=_member(request))
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("account_login")
