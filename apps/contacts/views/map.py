"""Map of a member's contacts beside a table of the same counts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.requests import MemberRequest
from apps.contacts import choropleth
from apps.contacts.facets import LAYERS, PlaceCount, PlaceFacets
from apps.contacts.models import Contact

from .labels import LAYER_LABELS, place_label

MAX_BARS = 12


@login_required
@require_safe
def show_map(request: MemberRequest) -> HttpResponse:
    """Show contacts per division of one layer in one state as bars and map."""
    places = PlaceFacets(request.user)
    states = places.in_layer("state")
    state = next((item for item in states if item.ocd_id == request.GET.get("state")), states[0] if states else None)
    counts_by_layer = {layer: places.in_layer(layer, f"{state.ocd_id}/") for layer in LAYERS} if state else {}
    available = [layer for layer in LAYERS if counts_by_layer.get(layer)]
    layer = request.GET.get("layer", "")
    if layer not in available:
        layer = "county" if "county" in available else next(iter(available), "")
    shown = counts_by_layer.get(layer, [])
    total = Contact.objects.owned_by(request.user).count()
    context: dict[str, Any] = {
        "total": total,
        "states": [(item, place_label(item)) for item in states],
        "state": state,
        "state_word": place_label(state) if state else "",
        "layers": [(item, LAYER_LABELS[item]) for item in available],
        "layer": layer,
        "rows": _rows(shown[:MAX_BARS]),
        "more": _rows(shown[MAX_BARS:]),
        "most": max((place.total for place in shown), default=0),
        "without": total - sum(place.total for place in shown),
        "picture": choropleth.draw_choropleth(layer, state.ocd_id, {item.ocd_id: item.total for item in shown})
        if state
        else None,
    }
    return render(request, "contacts/where.html", context)


def _rows(places: list[PlaceCount]) -> list[dict[str, Any]]:
    return [{"word": place_label(place), "ocd_id": place.ocd_id, "total": place.total} for place in places]
