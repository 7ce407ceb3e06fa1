"""Pages of owners: failed jobs, feature flags, accounts."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import role_changes, services
from apps.accounts.models import User
from apps.accounts.requests import MemberRequest
from apps.accounts.views import fresh_password_to_post
from apps.core.errors import Refused
from apps.core.roles import Role, require_role
from apps.jobs import canary, heartbeats
from apps.jobs.models import Job
from apps.jobs.relay import lag_seconds

from .. import failed_jobs as stopped
from .. import flags as features
from ..forms import DisableAccountForm, FailedJobsForm, FindMemberForm, FlagForm, RoleForm

MAX_ROWS = 200
owner_only = require_role(Role.OWNER)
# Buttons of the account page other than the role.
ACCOUNT_ACTIONS = {"close": services.disable, "reopen": services.reopen}


@owner_only
@require_safe
def show_jobs(request: MemberRequest) -> HttpResponse:
    """Show failed and unfinished jobs, without their arguments."""
    unfinished = Job.objects.unfinished().values("task").annotate(n=Count("id")).order_by("task")
    context = {
        "letters": Job.objects.dead()[:MAX_ROWS],
        "total": stopped.count_failed(),
        "underway": unfinished,
        "unsent": Job.objects.unpublished().count(),
        "lag": round(lag_seconds()),
        "alive": {kind: heartbeats.is_alive(kind) for kind in ("worker", "relay", "scheduler")},
        "canaries": {queue: round(age) for queue, age in canary.ages().items()},
    }
    return render(request, "staff/work.html", context)


@owner_only
@require_POST
def change_jobs(request: MemberRequest) -> HttpResponse:
    """Replay or drop selected failed jobs."""
    job_ids = list(Job.objects.dead().values_list("pk", flat=True))
    form = FailedJobsForm(request.POST, job_ids=job_ids)
    if not form.is_valid():
        messages.warning(request, _("Choose at least one line of the list."))
        return redirect("staff:work")
    ids = form.cleaned_data["ids"]
    try:
        if "drop" in request.POST:
            count = stopped.drop_jobs(actor=request.user, ids=ids, reason=form.cleaned_data["reason"])
            message = ngettext("%d piece of work dropped.", "%d pieces of work dropped.", count)
        else:
            count = stopped.replay_jobs(actor=request.user, ids=ids)
            message = ngettext("%d piece of work starts again.", "%d pieces of work start again.", count)
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, message % count)
    return redirect("staff:work")


@owner_only
@require_safe
def list_flags(request: MemberRequest) -> HttpResponse:
    """List all feature flags."""
    return render(request, "staff/flags.html", {"flags": features.all_flags()})


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_flag(request: MemberRequest, name: str) -> HttpResponse:
    """Change who sees a feature."""
    current = next((flag for flag in features.all_flags() if flag.name == name), None)
    if current is None:
        return redirect("staff:flags")
    form = FlagForm(request.POST if request.method == "POST" else None, initial={"state": current.state})
    if form.is_valid():
        state, reason = form.cleaned_data["state"], form.cleaned_data["reason"]
        try:
            features.change_flag(actor=request.user, name=name, state=state, reason=reason)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changed. The next page uses it."))
            return redirect("staff:flags")
    return render(request, "staff/flag.html", {"flag": current, "form": form})


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def find_member(request: MemberRequest) -> HttpResponse:
    """Find one account by its full email address; accounts are never listed."""
    form = FindMemberForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        actor = request.user
        reason = form.cleaned_data["reason"]
        try:
            member = services.find(actor=actor, email=form.cleaned_data["email"], reason=reason)
        except Refused as error:
            form.add_error("email", str(error))
        else:
            initial = {"member_id": member.pk, "role": member.role, "reason": reason}
            context |= {"found": member, "role_form": RoleForm(initial=initial)}
    return render(request, "staff/members.html", context)


@owner_only
@require_POST
@fresh_password_to_post
def change_member(request: MemberRequest) -> HttpResponse:
    """Request another role of an account, disable it or enable it."""
    action = next((ACCOUNT_ACTIONS[name] for name in ACCOUNT_ACTIONS if name in request.POST), None)
    form = (DisableAccountForm if action else RoleForm)(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why. Nothing was changed."))
        return redirect("staff:members")
    actor, reason = request.user, form.cleaned_data["reason"]
    member = get_object_or_404(User, pk=form.cleaned_data["member_id"])
    try:
        if action:
            action(actor=actor, member=member, reason=reason)
        else:
            role_changes.request_change(actor=actor, member=member, role=form.cleaned_data["role"], reason=reason)
            messages.success(request, _("Requested. The case waits for a second person, another owner."))
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("staff:members")
    if action:
        messages.success(request, _("Changed. The next page uses it."))
    return redirect("staff:members")
