"""Pages of one contact: status, corrections, an added detail, splitting, erasure."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.contacts.forms import DetailForm
from apps.contacts.models import Contact
from apps.contacts.services import corrections, erasure, splitting
from apps.core.errors import Refused
from apps.voters import rolls

from .labels import contact_row, district_label

Correction = Contact.Correction


def _own_contact(request: MemberRequest, contact_id: int) -> Contact:
    contact: Contact = get_object_or_404(Contact.objects.owned_by(request.user), pk=contact_id)
    return contact


def _render_contact(request: MemberRequest, contact: Contact, form: DetailForm, status: int = 200) -> HttpResponse:
    context = {
        "row": contact_row(contact),
        "form": form,
        "joined": splitting.merged_rows(contact),
        "districts": [district_label(layer, ocd_id) for layer, ocd_id in contact.districts.items()],
        "snapshots": list(rolls.live_snapshots().values()),
    }
    return render(request, "contacts/contact.html", context, status=status)


@login_required
@require_safe
def show(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Show a contact and what its owner supplied."""
    return _render_contact(request, _own_contact(request, contact_id), DetailForm())


@login_required
@require_POST
def split(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Split a row from a contact because it describes another person."""
    contact = _own_contact(request, contact_id)
    number = request.POST.get("row", "")
    try:
        row_number = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
        new_contact = splitting.split_contact(contact=contact, row_id=row_number)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("contacts:contact", contact_id)
    messages.success(request, _("They are two people now, also when you bring the same file again."))
    return redirect("contacts:contact", new_contact.pk)


@login_required
@require_POST
def correct(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Store or withdraw a correction."""
    contact = _own_contact(request, contact_id)
    correction = request.POST.get("correction", "")
    if correction == "take_back":
        try:
            corrections.withdraw_correction(contact=contact)
            messages.info(request, _("Your correction is taken back."))
        except Refused as error:
            messages.warning(request, str(error))
    elif correction in Correction.values and correction:
        corrections.correct(contact=contact, correction=correction)
        messages.success(request, _("Thank you. We keep this correction when a new roll comes."))
    return redirect("contacts:contact", contact_id)


@login_required
@require_POST
def add_detail(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Add a ZIP code, birth year or middle name and match again."""
    contact = _own_contact(request, contact_id)
    form = DetailForm(request.POST)
    if not form.is_valid():
        return _render_contact(request, contact, form, 422)
    entered = form.cleaned_data
    try:
        corrections.add_detail(
            contact=contact, zip_code=entered["zip"], birth_year=entered["birth_year"], middle=entered["middle"]
        )
    except Refused as error:
        form.add_error(None, str(error))
        return _render_contact(request, contact, form, 422)
    return redirect("contacts:contact", contact_id)


@login_required
@require_POST
def erase_contact(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Erase a contact."""
    erasure.erase_contact(contact=_own_contact(request, contact_id))
    messages.success(request, _("This contact is erased."))
    return redirect("contacts:home")
