"""The staff page of partners' lists: who submitted them and for what; two people approve, one refuses, with reasons."""

from typing import Final, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.views import fresh_password_to_post
from apps.core.errors import Refused
from apps.core.roles import Role, require_role

from . import services
from .models import PartnerList

MAX_DECIDED = 50
DECIDERS: Final = (Role.STEWARD, Role.OWNER)
deciders_only = require_role(*DECIDERS)


class DecideForm(forms.Form):
    """A decision with its reason, which the audit log records."""

    list_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


@deciders_only
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Show waiting lists and the last decided ones, never the people on them."""
    partner_lists = PartnerList.objects.select_related("key")
    decided = partner_lists.exclude(state=PartnerList.State.WAITING).order_by("-created_at")[:MAX_DECIDED]
    context = {
        "waiting": partner_lists.filter(state=PartnerList.State.WAITING),
        "decided": [(partner_list, services.count_matched(partner_list)) for partner_list in decided],
    }
    return render(request, "api/lists.html", context)


@deciders_only
@require_POST
@fresh_password_to_post
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or refuse one list."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why. Without a reason nothing is shown or changed."))
        return redirect("lists:lists")
    list_id: UUID = form.cleaned_data["list_id"]
    approved = "approve" in request.POST
    try:
        actor = cast("User", request.user)
        decided = services.decide(actor=actor, list_id=list_id, approved=approved, reason=form.cleaned_data["reason"])
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _decided_message(decided))
    return redirect("lists:lists")


def _decided_message(partner_list: PartnerList) -> str:
    if partner_list.state == PartnerList.State.WAITING:
        return _("Approved. The list waits for a second person.")
    return _("Refused.") if partner_list.state == PartnerList.State.REFUSED else _("Approved. Matching has started.")


def count_waiting() -> int:
    """Return how many lists wait for a decision."""
    return PartnerList.objects.filter(state=PartnerList.State.WAITING).count()
