"""Corrections of public data: written by stewards, downloaded as patches for the sources that have it wrong."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.core.errors import BadInput
from apps.core.roles import Role, require_role
from apps.officials.corrections import correct_division, correct_person, divisions_csv, person_yaml
from apps.officials.models import Correction

from ..corrections_forms import FORMS

steward_only = require_role(Role.STEWARD)
SHOWN = 200
WRITERS: dict[str, Callable[..., Correction]] = {"division": correct_division, "person": correct_person}


@steward_only
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What was found wrong, the newest first."""
    return render(request, "staff/corrections.html", {"corrections": Correction.objects.all()[:SHOWN]})


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, subject: str) -> HttpResponse:
    """Write one correction."""
    if subject not in FORMS:
        raise Http404
    start = {"division": request.GET.get("division", "")}
    form = FORMS[subject](request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            WRITERS[subject](actor=cast("User", request.user), **form.cleaned_data)
        except BadInput as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Written down. Download it and send it to the source."))
            return redirect("staff:corrections")
    return render(request, "staff/correct.html", {"form": form, "subject": subject})


@steward_only
@require_safe
def divisions_patch(_request: HttpRequest) -> HttpResponse:
    """Every correction of a division, as rows of the list of Open Civic Data ids."""
    rows = Correction.objects.filter(kind=Correction.Kind.DIVISION).order_by("division", "pk")
    return _file(divisions_csv(rows), "text/csv", "ocd-divisions-patch.csv")


@steward_only
@require_safe
def person_patch(_request: HttpRequest, number: int) -> HttpResponse:
    """One person, as a file of Open States."""
    row = get_object_or_404(Correction, pk=number, kind=Correction.Kind.PERSON)
    return _file(person_yaml(row), "application/yaml", f"person-{row.pk}.yml")


def _file(text: str, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8", headers=headers)
