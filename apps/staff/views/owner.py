"""Pages of owners: stopped work, features, members."""

from typing import cast

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import services
from apps.accounts.models import User
from apps.core.errors import Refused
from apps.core.roles import Role, require_role
from apps.jobs import canary, heartbeats
from apps.jobs.models import Job
from apps.jobs.relay import lag_seconds

from .. import failed_jobs as stopped
from .. import flags as features
from ..forms import CloseForm, FindMemberForm, FlagForm, RoleForm, WorkForm

SHOWN = 200
owner_only = require_role(Role.OWNER)
# What a button of the member page does besides giving a role.
ACTS = {"close": services.disable, "reopen": services.reopen}


@owner_only
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What has stopped, and how much is on its way. Arguments of work are ids, and even those stay out."""
    counted = Job.objects.unfinished().values("task").annotate(n=Count("id")).order_by("task")
    context = {
        "letters": Job.objects.dead()[:SHOWN],
        "total": stopped.count_dead(),
        "underway": counted,
        "unsent": Job.objects.unpublished().count(),
        "lag": round(lag_seconds()),
        "alive": {kind: heartbeats.is_alive(kind) for kind in ("worker", "relay", "scheduler")},
        "canaries": {queue: round(age) for queue, age in canary.ages().items()},
    }
    return render(request, "staff/work.html", context)


@owner_only
@require_POST
def change_work(request: HttpRequest) -> HttpResponse:
    """Send chosen work again, or drop it with a reason."""
    known = list(Job.objects.dead().values_list("pk", flat=True))
    form = WorkForm(request.POST, known=known)
    if not form.is_valid():
        messages.warning(request, _("Choose at least one line of the list."))
        return redirect("staff:work")
    ids = form.cleaned_data["ids"]
    try:
        if "drop" in request.POST:
            number = stopped.drop(actor=request.user, ids=ids, reason=form.cleaned_data["reason"])
            words = ngettext("%d piece of work dropped.", "%d pieces of work dropped.", number)
        else:
            number = stopped.replay(actor=request.user, ids=ids)
            words = ngettext("%d piece of work starts again.", "%d pieces of work start again.", number)
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, words % number)
    return redirect("staff:work")


@owner_only
@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """Every unfinished feature and who sees it."""
    return render(request, "staff/flags.html", {"flags": features.all_flags()})


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, name: str) -> HttpResponse:
    """Change who sees one feature."""
    found = next((flag for flag in features.all_flags() if flag.name == name), None)
    if found is None:
        return redirect("staff:flags")
    form = FlagForm(request.POST if request.method == "POST" else None, initial={"state": found.state})
    if form.is_valid():
        state, reason = form.cleaned_data["state"], form.cleaned_data["reason"]
        try:
            features.change(actor=request.user, name=name, state=state, reason=reason)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changed. It holds from the next page on."))
            return redirect("staff:flags")
    return render(request, "staff/flag.html", {"flag": found, "form": form})


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Look one account up by its whole address; nobody lists accounts."""
    form = FindMemberForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        actor = cast("User", request.user)
        reason = form.cleaned_data["reason"]
        try:
            found = services.find(actor=actor, email=form.cleaned_data["email"], reason=reason)
        except Refused as error:
            form.add_error("email", str(error))
        else:
            start = {"member_id": found.pk, "role": found.role, "reason": reason}
            context |= {"found": found, "role_form": RoleForm(initial=start)}
    return render(request, "staff/members.html", context)


@owner_only
@require_POST
def change_member(request: HttpRequest) -> HttpResponse:
    """Give the account another role, close it, or open it again."""
    act = next((ACTS[name] for name in ACTS if name in request.POST), None)
    form = (CloseForm if act else RoleForm)(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why. Nothing was changed."))
        return redirect("staff:members")
    actor, reason = cast("User", request.user), form.cleaned_data["reason"]
    member = get_object_or_404(User, pk=form.cleaned_data["member_id"])
    try:
        if act:
            act(actor=actor, member=member, reason=reason)
        else:
            services.change_role(actor=actor, member=member, role=form.cleaned_data["role"], reason=reason)
    except Refused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Changed. It holds from the next page on."))
    return redirect("staff:members")
