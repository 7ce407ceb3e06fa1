"""Counts a member's contacts by division, for the filters of the list and for the map."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from apps.accounts.models import User
from apps.officials.models import Election

from . import segments
from .models import Contact

LAYERS = ("cd", "county", "sldu", "sldl")
MAX_ELECTIONS = 8


@dataclass
class PlaceCount:
    """Count the contacts in a division; only registered and likely contacts have a division."""

    ocd_id: str
    layer: str
    total: int = 0


class PlaceFacets:
    """Count a member's contacts by division, read in one grouped query."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self.by_division: dict[str, PlaceCount] = {}
        for state, districts, number in Contact.objects.owned_by(owner).counts_by_place():
            self._add("state", segments.state_division(state), number)
            for layer, ocd_id in districts.items():
                if layer in LAYERS:
                    self._add(layer, ocd_id, number)

    def _add(self, layer: str, ocd_id: str, number: int) -> None:
        self.by_division.setdefault(ocd_id, PlaceCount(ocd_id, layer)).total += number

    def in_layer(self, layer: str, container: str = "") -> list[PlaceCount]:
        """Return the counts of a layer, largest first, within `container` (an OCD id prefix) if given."""
        counts = [
            place for place in self.by_division.values() if place.layer == layer and place.ocd_id.startswith(container)
        ]
        return sorted(counts, key=lambda place: (-place.total, place.ocd_id))

    @property
    def all(self) -> list[PlaceCount]:
        """Return all counts: states first, then each layer, largest first."""
        return [place for layer in ("state", *LAYERS) for place in self.in_layer(layer)]

    @cached_property
    def elections(self) -> list[tuple[Election, int]]:
        """Return coming elections with the number of contacts who vote in each."""
        divisions = {segments.COUNTRY, *self.by_division} if self.by_division else set()
        coming = Election.objects.in_divisions(divisions).from_day(timezone.localdate())[:MAX_ELECTIONS]
        total = sum(place.total for place in self.by_division.values() if place.layer == "state")
        return [
            (election, self.by_division[election.division].total if election.division in self.by_division else total)
            for election in coming
        ]
