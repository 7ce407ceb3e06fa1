"""One contact: why the answer is what it is, corrections, one more detail, forgetting."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.contacts.forms import DetailForm
from apps.contacts.models import Contact
from apps.contacts.services import corrections, erasure, splitting
from apps.core.errors import Refused
from apps.voters import rolls

from .labels import district, row

Correction = Contact.Correction


def _mine(request: HttpRequest, contact_id: int) -> Contact:
    found: Contact = get_object_or_404(Contact.objects.of(request.user), pk=contact_id)
    return found


def _page(request: HttpRequest, contact: Contact, form: DetailForm, status: int = 200) -> HttpResponse:
    context = {
        "row": row(contact),
        "form": form,
        "joined": splitting.rows_of(contact),
        "districts": [district(layer, ocd_id) for layer, ocd_id in contact.districts.items()],
        "snapshots": list(rolls.live_snapshots().values()),
    }
    return render(request, "contacts/contact.html", context, status=status)


@login_required
@require_safe
def page(request: HttpRequest, contact_id: int) -> HttpResponse:
    """A contact, what its owner gave, which of it agreed."""
    return _page(request, _mine(request, contact_id), DetailForm())


@login_required
@require_POST
def apart(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Take a row out of a contact: it is about somebody else."""
    contact = _mine(request, contact_id)
    number = request.POST.get("row", "")
    try:
        row_number = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
        made = splitting.take_apart(contact=contact, sighting_id=row_number)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("contacts:contact", contact_id)
    messages.success(request, _("They are two people now, also when you bring the same file again."))
    return redirect("contacts:contact", made.pk)


@login_required
@require_POST
def correct(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Keep what the owner knows better, or take it back."""
    contact = _mine(request, contact_id)
    wanted = request.POST.get("correction", "")
    if wanted == "take_back":
        corrections.take_back(contact=contact)
        messages.info(request, _("Your correction is taken back."))
    elif wanted in Correction.values and wanted:
        corrections.correct(contact=contact, correction=wanted)
        messages.success(request, _("Thank you. We will keep that in mind, also when a new roll comes."))
    return redirect("contacts:contact", contact_id)


@login_required
@require_POST
def detail(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Add a ZIP, a birth year or a middle name and look again."""
    contact = _mine(request, contact_id)
    form = DetailForm(request.POST)
    if not form.is_valid():
        return _page(request, contact, form, 422)
    typed = form.cleaned_data
    try:
        corrections.add_detail(
            contact=contact, zip_code=typed["zip"], birth_year=typed["birth_year"], middle=typed["middle"]
        )
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, contact, form, 422)
    return redirect("contacts:contact", contact_id)


@login_required
@require_POST
def erase_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Drop a contact."""
    erasure.erase_contact(contact=_mine(request, contact_id))
    messages.success(request, _("This contact is erased."))
    return redirect("contacts:home")
