"""Pages of organizers: campaigns, their asks and funnels."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.activity.base import activity
from apps.activity.labels import activity_label
from apps.core.disclosure import FLOOR
from apps.core.errors import BackendUnavailable, Refused
from apps.core.quotas import QuotaExceeded
from apps.core.roles import Role, require_role
from apps.outreach import selectors
from apps.outreach.forms import AskForm, CampaignForm
from apps.outreach.models import Ask, Campaign
from apps.outreach.services import campaigns as services
from apps.outreach.services import invitations
from apps.verification import quotas

STEP_LABELS = {"picked": _("Picked"), "sent": _("Sent"), "responded": _("Answered"), "will_vote": _("Will vote")}


@require_role(Role.ORGANIZER)
@require_safe
def list_campaigns(request: MemberRequest) -> HttpResponse:
    """List campaigns, newest first."""
    campaigns = Campaign.objects.select_related("election").order_by("-pk")
    return render(request, "outreach/staff/campaigns.html", {"campaigns": campaigns})


@require_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def create_campaign(request: MemberRequest) -> HttpResponse:
    """Create a campaign."""
    form = CampaignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (new_campaign := _save_campaign(request, form, None)):
        return redirect("outreach:staff_campaign", new_campaign.pk)
    return render(request, "outreach/staff/campaign_form.html", {"form": form}, status=422 if form.errors else 200)


def _save_campaign(request: MemberRequest, form: CampaignForm, campaign: Campaign | None) -> Campaign | None:
    try:
        return services.write_campaign(actor=request.user, campaign=campaign, **form.cleaned_data)
    except Refused as error:
        form.add_error("text", str(error))
        return None


@require_role(Role.ORGANIZER)
@require_safe
def show_campaign(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """Show a campaign with the funnels of its asks; counts below ten are hidden."""
    campaign = get_object_or_404(Campaign.objects.select_related("election"), pk=campaign_id)
    try:
        acts = [(activity_label(entry.kind), entry.at) for entry in activity().feed(-campaign.pk, limit=20)]
    except BackendUnavailable:
        acts = []
    funnels = [selectors.ask_funnel(ask) for ask in campaign.asks.all()]
    context = {
        "campaign": campaign,
        "funnels": [(funnel, [(STEP_LABELS[name], number) for name, number in funnel.steps]) for funnel in funnels],
        "steps": list(STEP_LABELS.values()),
        "counts": selectors.public_counts(campaign),
        "acts": acts,
        "floor": FLOOR,
    }
    return render(request, "outreach/staff/campaign.html", context)


@require_role(Role.ORGANIZER)
@require_POST
def create_invitation(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """Create an invitation and show its link and QR code once."""
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    try:
        token = invitations.create_invitation(actor=request.user, campaign=campaign)
    except QuotaExceeded:
        limit = invitations.INVITATIONS_PER_DAY
        messages.warning(request, gettext("You have created today’s %(limit)d invitations.") % {"limit": limit})
        return redirect("outreach:staff_campaign", campaign_id)
    url = request.build_absolute_uri(reverse("outreach:come", args=[token]))
    context = {
        "campaign": campaign,
        "url": url,
        "qr": invitations.qr_code(url),
        "hours": quotas.INVITATION_HOURS,
        "lookups": quotas.LOOKUPS_PER_INVITATION_AND_DAY,
    }
    return render(request, "outreach/staff/invitation.html", context)


@require_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_campaign(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """Change a campaign."""
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    initial: dict[str, Any] = {name: getattr(campaign, name) for name in ("name", "text", "election", "supports")}
    form = CampaignForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save_campaign(request, form, campaign):
        return redirect("outreach:staff_campaign", campaign.pk)
    context = {"form": form, "campaign": campaign}
    return render(request, "outreach/staff/campaign_form.html", context, status=422 if form.errors else 200)


@require_role(Role.ORGANIZER)
@require_POST
def set_state(request: MemberRequest, campaign_id: int) -> HttpResponse:
    """Open or end a campaign."""
    campaign = get_object_or_404(Campaign, pk=campaign_id)
    state = request.POST.get("state", "")
    if state in {Campaign.State.LIVE, Campaign.State.ENDED}:
        try:
            services.set_state(actor=request.user, campaign=campaign, state=state)
        except Refused as error:
            messages.warning(request, str(error))
    return redirect("outreach:staff_campaign", campaign.pk)


@require_role(Role.ORGANIZER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_ask(request: MemberRequest, campaign_id: int, ask_id: int = 0) -> HttpResponse:
    """Create, change or delete an ask."""
    campaign = get_object_or_404(Campaign.objects.select_related("election"), pk=campaign_id)
    ask = get_object_or_404(Ask, pk=ask_id, campaign=campaign) if ask_id else None
    form = AskForm(request.POST if request.method == "POST" else None, campaign=campaign, ask=ask)
    if request.method == "POST":
        try:
            if "drop" in request.POST and ask:
                services.drop_ask(actor=request.user, ask=ask)
                return redirect("outreach:staff_campaign", campaign.pk)
            if form.is_valid():
                services.write_ask(actor=request.user, campaign=campaign, ask=ask, draft=form.to_draft())
                return redirect("outreach:staff_campaign", campaign.pk)
        except Refused as error:
            form.add_error(None, str(error))
    context = {"form": form, "campaign": campaign, "ask": ask}
    return render(request, "outreach/staff/ask_form.html", context, status=422 if form.errors else 200)
