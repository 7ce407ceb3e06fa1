"""What an installation covers: lines by layer with those who hold their seats, and what of a nation is missing."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from apps.districts import lookup, ocd_list, services
from apps.districts.sources.layers import state_prefixes

from .models import Election, Holding

# Layers that every state has, and whose seats Open States or congress-legislators fill.
EVERYWHERE: Final = ("state", "cd", "sldu", "sldl", "county")
SEATS: Final = {"cd": "rep", "sldu": "upper", "sldl": "lower"}
# Where a layer is missing for good: Nebraska has one house, the District of Columbia a council.
WITHOUT: Final = {"sldl": {"state:ne", "district:dc"}, "sldu": {"district:dc"}}


@dataclass(frozen=True)
class CoverageRow:
    """One layer in force: its lines, and in how many of its divisions somebody holds a seat."""

    layer: str
    vintage: str
    source: str
    divisions: int
    states: int
    held: int
    not_in_list: int | None


def coverage(day: date | None = None, *, against_list: bool = True) -> list[CoverageRow]:
    """Return a row for each layer in force on a day; `against_list` reads the whole list of ids for it."""
    day = day or lookup.today()
    held = _held(day)
    compare = against_list and ocd_list.divisions_file().exists()
    known = set().union(*ocd_list.divisions().kinds(day).values()) if compare else None
    rows = []
    for layer, vintage in lookup.vintages_on(day).items():
        ids = lookup.ids_of(vintage)
        strange = None if known is None else len(set(ids) - known)
        states = {_state(each) for each in ids} - {""}
        rows.append(
            CoverageRow(layer, vintage.name, vintage.source, len(ids), len(states), len(held & set(ids)), strange)
        )
    return sorted(rows, key=lambda row: (EVERYWHERE.index(row.layer) if row.layer in EVERYWHERE else 9, row.layer))


def _held(day: date) -> set[str]:
    """The divisions of which somebody holds an office on a day."""
    began, lasts = Q(start=None) | Q(start__lte=day), Q(end=None) | Q(end__gt=day)
    return set(Holding.objects.live().filter(began, lasts).values_list("office__division", flat=True).distinct())


def _state(ocd_id: str) -> str:
    parts = ocd_id.split("/")
    return parts[2] if len(parts) > 2 else ""


def missing(day: date | None = None) -> list[str]:
    """Return what a nation would need and is not loaded, a sentence each."""
    day = day or lookup.today()
    told = []
    if not ocd_list.divisions_file().exists():
        told.append("The list of division ids: load_divisions.")
    told += _lines_missing(day)
    if not services.address_sources():
        told.append("Addresses: load_addresses. Without them an address cannot be found, and no ZIP code.")
    told += _people_missing(day)
    if not Election.objects.from_day(day).exists():
        told.append("Coming elections: load_elections.")
    return told


def _lines_missing(day: date) -> list[str]:
    told, vintages = [], lookup.vintages_on(day)
    for layer in EVERYWHERE:
        if layer not in vintages:
            told.append(f"Lines of {layer}: load_boundaries.")
            continue
        there = {_state(each) for each in lookup.ids_of(vintages[layer])}
        absent = [each for each in _states(layer) if each not in there]
        # A made-up state, or one state alone, is no nation with 49 gaps.
        if absent and len(there) > 1:
            told.append(f"Lines of {layer} in {len(absent)} states: {_some(absent)}.")
    return told


def _states(layer: str) -> list[str]:
    """The states and the District of Columbia, without those that have no such layer."""
    every = [each for each in state_prefixes() if not each.startswith("territory:")]
    return [each for each in every if each not in WITHOUT.get(layer, ())]


def _some(names: list[str]) -> str:
    words = [name.rpartition(":")[2].upper() for name in names]
    return ", ".join(words[:12]) + (" and others" if len(words) > 12 else "")


def _people_missing(day: date) -> list[str]:
    told, held = [], _held(day)
    for layer, vintage in lookup.vintages_on(day).items():
        if layer not in SEATS:
            continue
        ids = lookup.ids_of(vintage)
        empty = sorted(set(ids) - held)
        if len(empty) == len(ids):
            told.append(f"People of {layer}: load_officials.")
        elif empty:
            places = sorted({_state(each) for each in empty})
            told.append(f"People of {len(empty)} of {len(ids)} divisions of {layer} (vacant, or of other lines): {_some(places)}.")  # noqa: E501  # fmt: skip
    return told
