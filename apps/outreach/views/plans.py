"""A member's own plan to vote, and the public page of a campaign."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.requests import MemberRequest
from apps.officials.models import Election
from apps.outreach import selectors
from apps.outreach.forms import PlanForm
from apps.outreach.models import Campaign, Pledge
from apps.outreach.services import plans as services
from apps.verification import quotas


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_plan(request: MemberRequest, election_id: int) -> HttpResponse:
    """Create, change or delete a plan."""
    election = get_object_or_404(Election.objects.from_day(timezone.localdate()), pk=election_id)
    pledge = Pledge.objects.owned_by(request.user).filter(election=election).first()
    if request.method == "POST" and "take_back" in request.POST and pledge:
        services.delete_plan(pledge=pledge)
        messages.info(request, _("Your plan is gone, and its reminders with it."))
        return redirect("outreach:home")
    names = ("method", "on_day", "time", "place", "travel", "remind")
    initial = {name: getattr(pledge, name) for name in names} if pledge else None
    form = PlanForm(request.POST if request.method == "POST" else None, election=election, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_plan(member=request.user, election=election, **form.cleaned_data)
        messages.success(request, _("Your plan is kept."))
        return redirect("outreach:home")
    context = {"form": form, "election": election, "pledge": pledge}
    return render(request, "outreach/plan.html", context, status=422 if form.errors else 200)


@require_safe
def accept_invitation(request: MemberRequest, token: str) -> HttpResponse:
    """Accept an organizer's invitation and continue with sign-up, or with the lookup."""
    if not quotas.accept_invitation(request, token):
        messages.warning(request, _("This invitation has expired. Ask the organizer for a new one."))
    return redirect("verification:home" if request.user.is_authenticated else "account_signup")


@require_safe
def show_campaign(request: MemberRequest, slug: str) -> HttpResponse:
    """Show a campaign to everyone, without counts below ten."""
    campaign = get_object_or_404(
        Campaign.objects.exclude(state=Campaign.State.DRAFT).select_related("election"), slug=slug
    )
    return render(
        request, "outreach/campaign.html", {"campaign": campaign, "counts": selectors.public_counts(campaign)}
    )
