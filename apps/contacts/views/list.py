"""A member's contacts: counts that filter, search, download, erase."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.contacts import export as contact_export
from apps.contacts import segments
from apps.contacts.dedupe import name_word_hashes
from apps.contacts.facets import PlaceFacets
from apps.contacts.models import Contact, Import, Status
from apps.contacts.services import erasure
from apps.voters import rolls

from .labels import STATUS_ORDER, contact_row, place_label

PAGE_SIZE = 25
MAX_SEARCH_RESULTS = 100


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The contacts, by status, place and election."""
    places = PlaceFacets(request.user)
    chosen = ContactFilter.of(request, places)
    page = Paginator(chosen.ids, PAGE_SIZE).get_page(request.GET.get("page"))
    context = _list_context(request, places, chosen)
    context |= {
        "page": page,
        "rows": [contact_row(one) for one in segments.contacts_in(request.user, page.object_list).order_by("pk")],
    }
    return render(request, "contacts/home.html", context)


@dataclass(frozen=True)
class ContactFilter:
    """What the address of the page asks for, and whom that finds. What is unknown there chooses nothing."""

    status: str
    place: str
    election: str
    counts: dict[str, int]
    ids: list[int]

    @classmethod
    def of(cls, request: HttpRequest, places: PlaceFacets) -> "ContactFilter":
        """Read the filters and ask the id sets, one call a status."""
        status, place, election = (request.GET.get(name, "") for name in ("status", "place", "election"))
        wanted = [segments.ALL]
        if place:
            wanted.append(segments.division_segment(place if place in places.found else "nowhere"))
        if election:
            division = next((one.division for one, _n in places.elections if str(one.pk) == election), "nowhere")
            wanted.append(segments.division_segment(division))
        owner_id = int(request.user.pk or 0)
        found = {
            one: segments.segment_members(owner_id, [*wanted, segments.status_segment(one)]) for one in Status.values
        }
        ids = found[status] if status in found else set().union(*found.values())
        return cls(status, place, election, {one: len(some) for one, some in found.items()}, sorted(ids))

    @property
    def query(self) -> str:
        """Return the filters but the status as the tail of an address, for links that keep them."""
        kept = {"place": self.place, "election": self.election}
        return "".join(f"&{key}={quote(value, safe='')}" for key, value in kept.items() if value)


def _list_context(request: HttpRequest, places: PlaceFacets, chosen: ContactFilter) -> dict[str, Any]:
    contacts = Contact.objects.of(request.user)
    facts = contacts.aggregate(at=Min("expires_at"), total=Count("pk"))
    return {
        "chosen": chosen,
        "status": chosen.status,
        "counts": [(one, chosen.counts[one]) for one in STATUS_ORDER[:4]],
        "others": [(one, chosen.counts[one]) for one in STATUS_ORDER[4:] if chosen.counts[one]],
        "total": facts["total"],
        "places": [(place.ocd_id, place_label(place), place.total) for place in places.all],
        "elections": places.elections,
        "first_to_go": facts["at"],
        "running": Import.objects.of(request.user).live().first(),
        "snapshots": list(rolls.live().values()),
    }


@login_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Find contacts by whole words of their name. A name never stands in an address, so this is a POST."""
    owner_id = int(request.user.pk or 0)
    asked = request.POST.get("name", "")[:100]
    keys = name_word_hashes(owner_id, asked)
    if not keys:
        return redirect("contacts:home")
    found = Contact.objects.of(request.user).with_keys(owner_id, keys)
    rows = [contact_row(one) for one in found.order_by("pk")[:MAX_SEARCH_RESULTS]]
    places = PlaceFacets(request.user)
    context = _list_context(request, places, ContactFilter.of(request, places)) | {"rows": rows, "asked": asked}
    return render(request, "contacts/home.html", context)


@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """All contacts as CSV, safe against formulas."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="contacts-{day}.csv"'
    response.write("\ufeff")
    contact_export.write_csv(request.user, response)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase all contacts, after saying how many they are."""
    if request.method == "POST":
        gone = erasure.erase_all_contacts(owner=request.user)
        messages.success(request, _("%(number)d contacts were erased.") % {"number": gone})
        return redirect("contacts:home")
    return render(request, "contacts/erase.html", {"total": Contact.objects.of(request.user).count()})
