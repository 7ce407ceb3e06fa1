"""A picture of where one's contacts are, with the same in words beside it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.contacts import choropleth
from apps.contacts.facets import LAYERS, PlaceCount, Places
from apps.contacts.models import Contact

from .labels import LAYER_WORDS, place_word

SHOWN = 12


@login_required
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Counts by division of one layer in one state: a table of bars, and the map."""
    places = Places(request.user)
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
        "states": [(one, place_word(one)) for one in states],
        "state": state,
        "state_word": place_word(state) if state else "",
        "layers": [(one, LAYER_WORDS[one]) for one in offered],
        "layer": layer,
        "rows": _rows(shown[:SHOWN]),
        "more": _rows(shown[SHOWN:]),
        "most": max((place.total for place in shown), default=0),
        "without": total - sum(place.total for place in shown),
        "picture": choropleth.draw(layer, state.ocd_id, {one.ocd_id: one.total for one in shown}) if state else None,
    }
    return render(request, "contacts/where.html", context)


def _rows(places: list[PlaceCount]) -> list[dict[str, Any]]:
    return [{"word": place_word(place), "ocd_id": place.ocd_id, "total": place.total} for place in places]
