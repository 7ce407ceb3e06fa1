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
from apps.contacts.dedupe import word_keys
from apps.contacts.facets import Places
from apps.contacts.models import Contact, Import, Status
from apps.contacts.services import erasure
from apps.voters import rolls

from .labels import STATUS_ORDER, place_word, row

PAGE = 25
MOST_FOUND = 100


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The contacts, by status, place and election."""
    places = Places(request.user)
    chosen = Chosen.of(request, places)
    page = Paginator(chosen.ids, PAGE).get_page(request.GET.get("page"))
    context = _summary(request, places, chosen)
    context |= {
        "page": page,
        "rows": [row(one) for one in segments.contacts_in(request.user, page.object_list).order_by("pk")],
    }
    return render(request, "contacts/home.html", context)


@dataclass(frozen=True)
class Chosen:
    """What the address of the page asks for, and whom that finds. What is unknown there chooses nothing."""

    status: str
    place: str
    election: str
    counts: dict[str, int]
    ids: list[int]

    @classmethod
    def of(cls, request: HttpRequest, places: Places) -> "Chosen":
        """Read the filters and ask the id sets, one call a status."""
        status, place, election = (request.GET.get(name, "") for name in ("status", "place", "election"))
        wanted = [segments.ALL]
        if place:
            wanted.append(segments.at(place if place in places.found else "nowhere"))
        if election:
            division = next((one.division for one, _n in places.elections if str(one.pk) == election), "nowhere")
            wanted.append(segments.at(division))
        owner_id = int(request.user.pk or 0)
        found = {one: segments.members(owner_id, [*wanted, segments.status(one)]) for one in Status.values}
        ids = found[status] if status in found else set().union(*found.values())
        return cls(status, place, election, {one: len(some) for one, some in found.items()}, sorted(ids))

    @property
    def query(self) -> str:
        """Return the filters but the status as the tail of an address, for links that keep them."""
        kept = {"place": self.place, "election": self.election}
        return "".join(f"&{key}={quote(value, safe='')}" for key, value in kept.items() if value)


def _summary(request: HttpRequest, places: Places, chosen: Chosen) -> dict[str, Any]:
    contacts = Contact.objects.of(request.user)
    facts = contacts.aggregate(at=Min("expires_at"), total=Count("pk"))
    return {
        "chosen": chosen,
        "status": chosen.status,
        "counts": [(one, chosen.counts[one]) for one in STATUS_ORDER[:4]],
        "others": [(one, chosen.counts[one]) for one in STATUS_ORDER[4:] if chosen.counts[one]],
        "total": facts["total"],
        "places": [(place.ocd_id, place_word(place), place.total) for place in places.all],
        "elections": places.elections,
        "first_to_go": facts["at"],
        "running": Import.objects.of(request.user).live().first(),
        "snapshots": list(rolls.live_snapshots().values()),
    }


@login_required
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Find contacts by whole words of their name. A name never stands in an address, so this is a POST."""
    owner_id = int(request.user.pk or 0)
    asked = request.POST.get("name", "")[:100]
    keys = word_keys(owner_id, asked)
    if not keys:
        return redirect("contacts:home")
    found = Contact.objects.of(request.user).with_keys(owner_id, keys)
    rows = [row(one) for one in found.order_by("pk")[:MOST_FOUND]]
    places = Places(request.user)
    context = _summary(request, places, Chosen.of(request, places)) | {"rows": rows, "asked": asked}
    return render(request, "contacts/home.html", context)


@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """All contacts as CSV, safe against formulas."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="contacts-{day}.csv"'
    response.write("\ufeff")
    contact_export.write(request.user, response)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase all contacts, after saying how many they are."""
    if request.method == "POST":
        gone = erasure.forget_all(owner=request.user)
        messages.success(request, _("%(number)d contacts were erased.") % {"number": gone})
        return redirect("contacts:home")
    return render(request, "contacts/erase.html", {"total": Contact.objects.of(request.user).count()})
