"""A picture of where one's contacts are, with the same in words beside it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.contacts import choropleth
from apps.contacts.facets import LAYERS, PlaceCount, PlaceFacets
from apps.contacts.models import Contact

from .labels import LAYER_LABELS, place_label

MAX_BARS = 12


@login_required
@require_safe
def show_map(request: HttpRequest) -> HttpResponse:
    """Counts by division of one layer in one state: a table of bars, and the map."""
    places = PlaceFacets(request.user)
    states = places.of_layer("state")
    state = next((one for one in states if one.ocd_id == request.GET.get("state")), states[0] if states else None)
    found = {layer: places.of_layer(layer, f"{state.ocd_id}/") for layer in LAYERS} if state else {}
    offered = [layer for layer in LAYERS if found.get(layer)]
    layer = request.GET.get("layer", "")
    if layer not in offered:
        layer = "county" if "county" in offered else next(iter(offered), "")
    shown = found.get(layer, [])
    total = Contact.objects.of(request.user).count()
    context: dict[str, Any] = {
        "total": total,
        "states": [(one, place_label(one)) for one in states],
        "state": state,
        "state_word": place_label(state) if state else "",
        "layers": [(one, LAYER_LABELS[one]) for one in offered],
        "layer": layer,
        "rows": _rows(shown[:MAX_BARS]),
        "more": _rows(shown[MAX_BARS:]),
        "most": max((place.total for place in shown), default=0),
        "without": total - sum(place.total for place in shown),
        "picture": choropleth.draw_choropleth(layer, state.ocd_id, {one.ocd_id: one.total for one in shown})
        if state
        else None,
    }
    return render(request, "contacts/where.html", context)


def _rows(places: list[PlaceCount]) -> list[dict[str, Any]]:
    return [{"word": place_label(place), "ocd_id": place.ocd_id, "total": place.total} for place in places]
