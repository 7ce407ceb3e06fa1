"""The owner's page of partners' lists: what is asked, by whom, for what; approve or refuse with a reason."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.core.errors import Refused
from apps.core.roles import Role, require_role

from . import services
from .models import PartnerList

SHOWN = 50
owner_only = require_role(Role.OWNER)


class DecideForm(forms.Form):
    """A decision and why; the reason is kept in the audit log."""

    list_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


@owner_only
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Every list that waits, and the last ones decided. The people on them are shown to nobody."""
    every = PartnerList.objects.select_related("key")
    decided = every.exclude(state=PartnerList.State.WAITING).order_by("-made_at")[:SHOWN]
    context = {
        "waiting": every.filter(state=PartnerList.State.WAITING),
        "decided": [(one, services.answered(one)) for one in decided],
    }
    return render(request, "api/lists.html", context)


@owner_only
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or refuse one list."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why. Without a reason nothing is shown or changed."))
        return redirect("lists:lists")
    list_id: UUID = form.cleaned_data["list_id"]
    approved = "approve" in request.POST
    try:
        services.decide(actor=request.user, list_id=list_id, approved=approved, reason=form.cleaned_data["reason"])
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Approved. The answers are being made.") if approved else _("Refused."))
    return redirect("lists:lists")


def waiting() -> int:
    """Return how many lists wait for the owner."""
    return PartnerList.objects.filter(state=PartnerList.State.WAITING).count()
