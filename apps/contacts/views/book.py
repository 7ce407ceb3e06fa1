"""A member's contacts: counts that filter, search, download, erase."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.contacts import exporting
from apps.contacts.managers import ContactQuerySet
from apps.contacts.models import Contact, Import, Status
from apps.contacts.people import word_keys
from apps.contacts.services import erasing
from apps.voters import rolls

from .words import STATUS_ORDER, bars, district, row

PAGE = 25
MOST_FOUND = 100


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The contacts, by status and place."""
    contacts = Contact.objects.of(request.user)
    status, place = request.GET.get("status", ""), request.GET.get("place", "")
    chosen = contacts
    if status in Status.values:
        chosen = chosen.filter(status=status)
    if place:
        chosen = _in_place(chosen, place)
    page = Paginator(chosen.order_by("pk"), PAGE).get_page(request.GET.get("page"))
    context = _summary(request, contacts)
    context |= {
        "status": status,
        "where": place,
        "page": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
        "rows": [row(one) for one in page.object_list],
    }
    return render(request, "contacts/home.html", context)


def _in_place(contacts: ContactQuerySet, place: str) -> ContactQuerySet:
    """Filter by `state|HD` or `layer|ocd id`; what is neither finds nobody."""
    layer, _bar, value = place.partition("|")
    if layer == "state":
        return contacts.filter(state=value)
    return (
        contacts.filter(**{f"districts__{layer}": value})
        if layer in {"cd", "county", "sldu", "sldl"}
        else contacts.none()
    )


def _summary(request: HttpRequest, contacts: ContactQuerySet) -> dict[str, Any]:
    counts = contacts.by_status()
    first_to_go = contacts.aggregate(at=Min("expires_at"))["at"]
    return {
        "counts": [(one, counts.get(one, 0)) for one in STATUS_ORDER[:4]],
        "others": [(one, counts[one]) for one in STATUS_ORDER[4:] if counts.get(one)],
        "bars": bars(counts),
        "total": sum(counts.values()),
        "places": _places(contacts),
        "first_to_go": first_to_go,
        "running": Import.objects.of(request.user).live().first(),
        "snapshots": list(rolls.live().values()),
    }


def _places(contacts: ContactQuerySet) -> list[tuple[str, str, int]]:
    """Return the places to filter by: value, words, how many."""
    found = [(f"state|{state}", state, number) for state, number in contacts.by_state().items()]
    for key, number in contacts.by_district().items():
        layer, _bar, ocd_id = key.partition("|")
        found.append((key, district(layer, ocd_id), number))
    return found


@login_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Find contacts by whole words of their name. A name never stands in an address, so this is a POST."""
    contacts = Contact.objects.of(request.user)
    asked = request.POST.get("name", "")[:100]
    keys = word_keys(request.user.pk or 0, asked)
    if not keys:
        return redirect("contacts:home")
    found = contacts
    for key in keys:
        found = found.filter(keys__hash=key, keys__owner_id=request.user.pk)
    rows = [row(one) for one in found.distinct().order_by("pk")[:MOST_FOUND]]
    context = _summary(request, contacts) | {"rows": rows, "asked": asked}
    return render(request, "contacts/home.html", context)


@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """All contacts as CSV, safe against formulas."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="contacts-{day}.csv"'
    response.write("\ufeff")
    exporting.write(request.user, response)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase all contacts, after saying how many they are."""
    if request.method == "POST":
        gone = erasing.forget_all(owner=request.user)
        messages.success(request, _("%(number)d contacts were erased.") % {"number": gone})
        return redirect("contacts:home")
    return render(request, "contacts/erase.html", {"total": Contact.objects.of(request.user).count()})
