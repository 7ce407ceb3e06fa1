"""Corrections of public data by stewards, downloadable as patches for the original sources."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.requests import MemberRequest
from apps.core.errors import BadInput
from apps.core.roles import Role, require_role
from apps.officials.corrections import correct_division, correct_person, divisions_csv, person_yaml
from apps.officials.models import Correction

from ..corrections_forms import CORRECTION_FORMS

steward_only = require_role(Role.STEWARD)
MAX_ROWS = 200
WRITERS: dict[str, Callable[..., Correction]] = {"division": correct_division, "person": correct_person}


@steward_only
@require_safe
def list_corrections(request: MemberRequest) -> HttpResponse:
    """List corrections, newest first."""
    return render(request, "staff/corrections.html", {"corrections": Correction.objects.all()[:MAX_ROWS]})


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: MemberRequest, subject: str) -> HttpResponse:
    """Enter a correction."""
    if subject not in CORRECTION_FORMS:
        raise Http404
    initial = {"division": request.GET.get("division", "")}
    form = CORRECTION_FORMS[subject](request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            WRITERS[subject](actor=request.user, **form.cleaned_data)
        except BadInput as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Written down. Download it and send it to the source."))
            return redirect("staff:corrections")
    return render(request, "staff/correct.html", {"form": form, "subject": subject})


@steward_only
@require_safe
def divisions_patch(_request: MemberRequest) -> HttpResponse:
    """Return all corrections of divisions as rows of the Open Civic Data id list."""
    rows = Correction.objects.filter(kind=Correction.Kind.DIVISION).order_by("division", "pk")
    return _download(divisions_csv(rows), "text/csv", "ocd-divisions-patch.csv")


@steward_only
@require_safe
def person_patch(_request: MemberRequest, number: int) -> HttpResponse:
    """Return one correction of a person as an Open States file."""
    row = get_object_or_404(Correction, pk=number, kind=Correction.Kind.PERSON)
    return _download(person_yaml(row), "application/yaml", f"person-{row.pk}.yml")


def _download(text: str, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8", headers=headers)
