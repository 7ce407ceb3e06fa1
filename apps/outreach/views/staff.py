"""Pages of organisers: campaigns, their asks, funnels in counts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.activity.base import activity
from apps.activity.labels import activity_label
from apps.core.disclosure import FLOOR
from apps.core.errors import BackendUnavailable, Refused
from apps.core.roles import Role, require_role
from apps.outreach import selectors
from apps.outreach.forms import AskForm, CampaignForm
from apps.outreach.models import Ask, Campaign
from apps.outreach.services import campaigns as services

STEPS = {"picked": _("Picked"), "sent": _("Sent"), "answered": _("Answered"), "will_vote": _("Will vote")}


@require_role(Role.ORGANISER)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns, the newest first."""
    found = Campaign.objects.select_related("election").order_by("-pk")
    return render(request, "outreach/staff/campaigns.html", {"campaigns": found})


@require_role(Role.ORGANISER)
@require_http_methods(["GET", "HEAD", "POST"])
def new_campaign(request: HttpRequest) -> HttpResponse:
    """Write a campaign."""
    form = CampaignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (made := _written(request, form, None)):
        return redirect("outreach:staff_campaign", made.pk)
    return render(request, "outreach/staff/campaign_form.html", {"form": form}, status=422 if form.errors else 200)


def _written(request: HttpRequest, form: CampaignForm, one: Campaign | None) -> Campaign | None:
    try:
        return services.write_campaign(actor=request.user, campaign=one, **form.cleaned_data)
    except Refused as error:
        form.add_error("text", str(error))
        return None


@require_role(Role.ORGANISER)
@require_safe
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """A campaign with its asks and their funnels; counts below ten are hidden."""
    one = get_object_or_404(Campaign.objects.select_related("election"), pk=campaign_id)
    try:
        acts = [(activity_label(entry.kind), entry.at) for entry in activity().feed(-one.pk, limit=20)]
    except BackendUnavailable:
        acts = []
    funnels = [selectors.funnel(ask) for ask in one.asks.all()]
    context = {
        "campaign": one,
        "funnels": [(funnel, [(STEPS[name], number) for name, number in funnel.steps]) for funnel in funnels],
        "steps": list(STEPS.values()),
        "counts": selectors.public_counts(one),
        "acts": acts,
        "floor": FLOOR,
    }
    return render(request, "outreach/staff/campaign.html", context)


@require_role(Role.ORGANISER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Change a campaign's words."""
    one = get_object_or_404(Campaign, pk=campaign_id)
    initial: dict[str, Any] = {name: getattr(one, name) for name in ("name", "text", "election", "supports")}
    form = CampaignForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _written(request, form, one):
        return redirect("outreach:staff_campaign", one.pk)
    context = {"form": form, "campaign": one}
    return render(request, "outreach/staff/campaign_form.html", context, status=422 if form.errors else 200)


@require_role(Role.ORGANISER)
@require_POST
def set_state(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Open or end a campaign."""
    one = get_object_or_404(Campaign, pk=campaign_id)
    state = request.POST.get("state", "")
    if state in {Campaign.State.LIVE, Campaign.State.ENDED}:
        try:
            services.set_state(actor=request.user, campaign=one, state=state)
        except Refused as error:
            messages.warning(request, str(error))
    return redirect("outreach:staff_campaign", one.pk)


@require_role(Role.ORGANISER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_ask(request: HttpRequest, campaign_id: int, ask_id: int = 0) -> HttpResponse:
    """Write or change an ask; drop one that nobody works with."""
    one = get_object_or_404(Campaign.objects.select_related("election"), pk=campaign_id)
    found = get_object_or_404(Ask, pk=ask_id, campaign=one) if ask_id else None
    form = AskForm(request.POST if request.method == "POST" else None, campaign=one, ask=found)
    if request.method == "POST":
        try:
            if "drop" in request.POST and found:
                services.drop_ask(actor=request.user, ask=found)
                return redirect("outreach:staff_campaign", one.pk)
            if form.is_valid():
                services.write_ask(actor=request.user, campaign=one, ask=found, wanted=form.wanted())
                return redirect("outreach:staff_campaign", one.pk)
        except Refused as error:
            form.add_error(None, str(error))
    context = {"form": form, "campaign": one, "ask": found}
    return render(request, "outreach/staff/ask_form.html", context, status=422 if form.errors else 200)
