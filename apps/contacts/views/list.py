"""Pages of all contacts: filters with counts, search, download, erasure."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.contacts import export as contact_export
from apps.contacts import segments
from apps.contacts.dedupe import name_word_hashes
from apps.contacts.facets import PlaceFacets
from apps.contacts.models import Contact, Import, Status
from apps.contacts.services import erasure, rechecks
from apps.core.quotas import QuotaExceeded
from apps.voters import rolls

from .labels import STATUS_ORDER, contact_row, place_label

PAGE_SIZE = 25
MAX_SEARCH_RESULTS = 100


@login_required
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """List contacts by status, place and election."""
    places = PlaceFacets(request.user)
    chosen = ContactFilter.from_request(request, places)
    page = Paginator(chosen.ids, PAGE_SIZE).get_page(request.GET.get("page"))
    context = _list_context(request, places, chosen)
    context |= {
        "page": page,
        "rows": [
            contact_row(contact) for contact in segments.contacts_in(request.user, page.object_list).order_by("pk")
        ],
    }
    return render(request, "contacts/home.html", context)


@dataclass(frozen=True)
class ContactFilter:
    """Hold the filters of the query string and the matching contacts. Unknown values match nothing."""

    status: str
    place: str
    election: str
    counts: dict[str, int]
    ids: list[int]

    @classmethod
    def from_request(cls, request: MemberRequest, places: PlaceFacets) -> "ContactFilter":
        """Read the filters, and the segments in one call of the store."""
        status, place, election = (request.GET.get(name, "") for name in ("status", "place", "election"))
        included = [segments.ALL]
        if place:
            included.append(segments.division_segment(place if place in places.by_division else "nowhere"))
        if election:
            division = next((item.division for item, _n in places.elections if str(item.pk) == election), "nowhere")
            included.append(segments.division_segment(division))
        statuses = {item: segments.status_segment(item) for item in Status.values}
        found = segments.segments_of(request.user.pk, [*included, *statuses.values()])
        chosen = set.intersection(*(found[name] for name in included))
        ids_by_status = {item: chosen & found[name] for item, name in statuses.items()}
        ids = ids_by_status[status] if status in ids_by_status else set().union(*ids_by_status.values())
        return cls(status, place, election, {item: len(some) for item, some in ids_by_status.items()}, sorted(ids))

    @property
    def query(self) -> str:
        """Return the filters other than status as the end of a query string, for links that preserve them."""
        filters = {"place": self.place, "election": self.election}
        return "".join(f"&{key}={quote(value, safe='')}" for key, value in filters.items() if value)


def _list_context(request: MemberRequest, places: PlaceFacets, chosen: ContactFilter) -> dict[str, Any]:
    contacts = Contact.objects.owned_by(request.user)
    totals = contacts.aggregate(at=Min("expires_at"), total=Count("pk"))
    return {
        "chosen": chosen,
        "status": chosen.status,
        "counts": [(item, chosen.counts[item]) for item in STATUS_ORDER[:4]],
        "others": [(item, chosen.counts[item]) for item in STATUS_ORDER[4:] if chosen.counts[item]],
        "total": totals["total"],
        "places": [(place.ocd_id, place_label(place), place.total) for place in places.all],
        "elections": places.elections,
        "first_to_go": totals["at"],
        "running": Import.objects.owned_by(request.user).live().first(),
        "snapshots": list(rolls.live_snapshots().values()),
        "recheck": rechecks.recheck_dates(request.user.pk),
    }


@login_required
@require_POST
def search(request: MemberRequest) -> HttpResponse:
    """Find contacts by whole words of their name. A POST, so that no name appears in a URL."""
    owner_id = request.user.pk
    query = request.POST.get("name", "")[:100]
    keys = name_word_hashes(owner_id, query)
    if not keys:
        return redirect("contacts:home")
    contacts = Contact.objects.owned_by(request.user).with_keys(owner_id, keys)
    rows = [contact_row(contact) for contact in contacts.order_by("pk")[:MAX_SEARCH_RESULTS]]
    places = PlaceFacets(request.user)
    context = _list_context(request, places, ContactFilter.from_request(request, places)) | {
        "rows": rows,
        "query": query,
    }
    return render(request, "contacts/home.html", context)


@login_required
@require_POST
def recheck(request: MemberRequest) -> HttpResponse:
    """Match all contacts again, once in 30 days."""
    try:
        rechecks.recheck_all(request.user.pk)
        messages.success(request, _("Your contacts are checked again. This takes a moment."))
    except QuotaExceeded as error:
        day = date_format(error.free_on)
        messages.warning(request, _("You can re-check your contacts again on %(day)s.") % {"day": day})
    return redirect("contacts:home")


@login_required
@require_safe
def download(request: MemberRequest) -> HttpResponse:
    """Return all contacts as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="contacts-{day}.csv"'
    response.write("\ufeff")
    contact_export.write_csv(request.user, response)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: MemberRequest) -> HttpResponse:
    """Confirm, then erase all contacts."""
    if request.method == "POST":
        gone = erasure.erase_all_contacts(owner=request.user)
        messages.success(request, _("%(number)d contacts were erased.") % {"number": gone})
        return redirect("contacts:home")
    return render(request, "contacts/erase.html", {"total": Contact.objects.owned_by(request.user).count()})
