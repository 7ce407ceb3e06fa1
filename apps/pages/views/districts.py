"""Pages of a member's districts, of one division, and of the files behind them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.districts import lookup
from apps.districts.models import Vintage
from apps.officials.representation import seats_for_divisions

from .. import registration_context, services
from ..district_report import report_at
from ..forms import AddressForm, DayForm
from ..labels import MAPPED_LAYERS, division_label, layer_label, layer_rank, missing_address_message
from ..maps import layer_map, source_label
from ..page_caching import public_page
from .representatives import placement_label
from .static_pages import PUBLIC_CACHE_CONTROL


@login_required
def show_districts(request: MemberRequest) -> HttpResponse:
    """Show the districts of the registered address, or of an address entered for this answer, on a day."""
    query = DistrictsQuery.from_request(request)
    if request.method == "POST":
        if not query.form.is_valid():
            return _render_form(request, query)
        return _render_report(request, query, query.form.cleaned_data["q"], None)
    registered = registration_context.registered_place(request.user)
    return (
        _render_report(request, query, registered.address, registered) if registered else _render_form(request, query)
    )


@dataclass(frozen=True)
class DistrictsQuery:
    """Hold what the request asks: possibly an address, and a day."""

    form: AddressForm
    day_form: DayForm
    on: date | None

    @classmethod
    def from_request(cls, request: HttpRequest) -> "DistrictsQuery":
        """Read a request; an invalid day becomes today, and its form shows the error."""
        day_form = DayForm(request.GET if "on" in request.GET else None, initial={"on": lookup.today()})
        on = day_form.cleaned_data["on"] if day_form.is_bound and day_form.is_valid() else None
        return cls(AddressForm(request.POST if request.method == "POST" else None), day_form, on)

    def context(self) -> dict[str, Any]:
        """Return the template context that every response needs."""
        return {"form": self.form, "day_form": self.day_form, "on": self.on}


def _render_form(request: HttpRequest, query: DistrictsQuery, why: str = "") -> HttpResponse:
    return render(request, "pages/districts_ask.html", {**query.context(), "why": why})


def _render_report(
    request: HttpRequest,
    query: DistrictsQuery,
    address: str,
    registered: registration_context.RegisteredPlace | None,
) -> HttpResponse:
    match = lookup.find_address(address)
    if isinstance(match, lookup.Choices):
        context: dict[str, Any] = {"choices": match, "action": "pages:districts"}
        return render(request, "pages/choices.html", {**query.context(), **context})
    if isinstance(match, lookup.NotFound):
        if registered:
            return _render_form(request, query, missing_address_message(match.missing))
        query.form.add_error("q", missing_address_message(match.missing))
        return _render_form(request, query)
    report = report_at(
        match.lon, match.lat, query.on, placement_label(match), registered.listed() if registered else None
    )
    context = {"report": report, "place": match.label, "registered": registered is not None}
    if registered and report.maps:
        # The map's links work without JavaScript, because the URL names the layer.
        layer = request.GET.get("map")
        context["drawn"] = next((drawn for drawn in report.maps if drawn.layer == layer), report.maps[0])
    return render(request, "pages/districts.html", {**query.context(), **context})


@require_POST
@login_required
def report_wrong(request: MemberRequest) -> HttpResponse:
    """Report a wrong division to the stewards."""
    hit = lookup.division(request.POST.get("division", ""))
    if hit is None:
        raise Http404
    services.report_wrong_division(member=request.user, hit=hit)
    messages.success(request, _("A person will look at it. The answer comes to your inbox."))
    return redirect("pages:districts")


@require_safe
@public_page
def show_division(request: HttpRequest, path: str) -> HttpResponse:
    """Show one division: shape, seats, neighbors. The same for everyone."""
    hit = lookup.division(f"ocd-division/{path}")
    if hit is None:
        raise Http404
    drawn = layer_map(str(MAPPED_LAYERS.get(hit.layer, layer_label(hit.layer))), hit)
    context = {
        "hit": hit,
        "name": division_label(hit),
        "kind": layer_label(hit.layer),
        "seats": [seat for seat in seats_for_divisions([hit.ocd_id]) if seat.office.division == hit.ocd_id],
        "neighbours": [
            (division_label(neighbor), _division_path(neighbor)) for neighbor in lookup.neighbors(hit.ocd_id)
        ],
        "maps": [drawn] if drawn else [],
        "source": source_label(hit),
    }
    response = render(request, "pages/division.html", context)
    response.headers["Cache-Control"] = PUBLIC_CACHE_CONTROL
    # The text depends on the language cookie, the header on the session.
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


@require_safe
def show_map_data(request: HttpRequest, path: str) -> HttpResponse:
    """Return the map of a division in a vintage, and of the next one, for the script. The same for everyone."""
    hit = _division_in(f"ocd-division/{path}", request.GET.get("vintage"))
    coming = _division_in(request.GET.get("next", ""), request.GET.get("next_vintage"))
    drawn = layer_map("", hit, coming) if hit else None
    if drawn is None:
        raise Http404
    response = HttpResponse(drawn.as_json(), content_type="application/json")
    response.headers["Cache-Control"] = PUBLIC_CACHE_CONTROL
    return response


def _division_in(ocd_id: str, vintage: str | None) -> lookup.DistrictHit | None:
    return lookup.division_of_vintage(ocd_id, int(vintage)) if vintage and vintage.isdecimal() else None


def _division_path(hit: lookup.DistrictHit) -> str:
    return hit.ocd_id.removeprefix("ocd-division/")


@require_safe
@public_page
def list_sources(request: HttpRequest) -> HttpResponse:
    """List the source file of every result, with its dates."""
    vintages = sorted(
        Vintage.objects.live(), key=lambda vintage: (layer_rank(vintage.layer), vintage.valid_from or date.min)
    )
    rows = [(layer_label(vintage.layer), vintage) for vintage in vintages]
    return render(request, "pages/sources.html", {"rows": rows, "rolls": registration_context.live_rolls()})
