"""Letters for stewards to print. Opening one logs the access and creates a new code."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.requests import MemberRequest
from apps.accounts.views import fresh_password_to_post
from apps.core.errors import Refused
from apps.core.roles import Role, require_role

from .. import letters as service
from ..forms import ReasonForm
from ..models import Letter


@require_role(Role.STEWARD)
@require_GET
def list_letters(request: MemberRequest) -> HttpResponse:
    """List letters to print, without names and addresses."""
    context = {"letters": Letter.objects.to_print(), "form": ReasonForm()}
    return render(request, "verification/letters.html", context)


@require_role(Role.STEWARD)
@require_POST
@fresh_password_to_post
def print_letter(request: MemberRequest, number: int) -> HttpResponse:
    """Show one letter for printing."""
    letter = get_object_or_404(Letter.objects.select_related("member"), pk=number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you need to see this. The reason is kept."))
        return redirect("verification:letters")
    try:
        printed = service.print_letter(letter=letter, actor=request.user, reason=form.cleaned_data["reason"])
    except Refused as error:
        messages.error(request, str(error))
        return redirect("verification:letters")
    return render(request, "verification/letter.html", {"printed": printed, "letter": letter})
