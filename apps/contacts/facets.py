"""The places of a member's contacts, counted: for the filter of the list, and for the picture."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from apps.officials.models import Election

from . import segments
from .models import Contact

LAYERS = ("cd", "county", "sldu", "sldl")
MAX_ELECTIONS = 8


@dataclass
class PlaceCount:
    """A division and how many contacts are in it, all of them registered or likely."""

    ocd_id: str
    layer: str
    total: int = 0


class PlaceFacets:
    """All places of a member's contacts, read in one grouped query."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        self.found: dict[str, PlaceCount] = {}
        for state, districts, number in Contact.objects.of(owner).by_places():
            self._add("state", segments.state_division(state), number)
            for layer, ocd_id in districts.items():
                if layer in LAYERS:
                    self._add(layer, ocd_id, number)

    def _add(self, layer: str, ocd_id: str, number: int) -> None:
        self.found.setdefault(ocd_id, PlaceCount(ocd_id, layer)).total += number

    def of_layer(self, layer: str, container: str = "") -> list[PlaceCount]:
        """Return the places of a layer, most contacts first; inside a container where one is named."""
        inside = [place for place in self.found.values() if place.layer == layer and place.ocd_id.startswith(container)]
        return sorted(inside, key=lambda place: (-place.total, place.ocd_id))

    @property
    def all(self) -> list[PlaceCount]:
        """Return every place: states first, then each layer, most contacts first."""
        return [place for layer in ("state", *LAYERS) for place in self.of_layer(layer)]

    @cached_property
    def elections(self) -> list[tuple[Election, int]]:
        """Return the coming elections in which a contact votes, with how many do."""
        divisions = {segments.COUNTRY, *self.found} if self.found else set()
        coming = Election.objects.in_divisions(divisions).from_day(timezone.localdate())[:MAX_ELECTIONS]
        everybody = sum(place.total for place in self.found.values() if place.layer == "state")
        return [(one, self.found[one.division].total if one.division in self.found else everybody) for one in coming]
