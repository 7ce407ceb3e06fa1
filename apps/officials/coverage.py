"""What an installation covers: boundaries and office holders by layer, and what a nationwide site still lacks."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from apps.districts import lookup, ocd_list, services
from apps.districts.sources.layers import state_prefixes

from .models import Election, Holding

# Layers of every state, whose office holders are in Open States or congress-legislators.
NATIONAL_LAYERS: Final = ("state", "cd", "sldu", "sldl", "county")
ROLE_BY_LAYER: Final = {"cd": "rep", "sldu": "upper", "sldl": "lower"}
# States without a layer: Nebraska's legislature is unicameral; the District of Columbia has a council.
STATES_WITHOUT_LAYER: Final = {"sldl": {"state:ne", "district:dc"}, "sldu": {"district:dc"}}


@dataclass(frozen=True)
class CoverageRow:
    """One layer in force: its vintage, and the number of its divisions that have an office holder."""

    layer: str
    vintage: str
    source: str
    divisions: int
    states: int
    with_holder: int
    not_in_list: int | None


def coverage(day: date | None = None, *, against_list: bool = True) -> list[CoverageRow]:
    """Return a row per layer in force on a date; `against_list` also compares with the full list of ids."""
    day = day or lookup.today()
    with_holder = _divisions_with_holder(day)
    compare = against_list and ocd_list.divisions_file().exists()
    known = set().union(*ocd_list.divisions().ids_by_type(day).values()) if compare else None
    rows = []
    for layer, vintage in lookup.vintages_on(day).items():
        ids = lookup.vintage_ids(vintage)
        not_in_list = None if known is None else len(set(ids) - known)
        states = {_state(ocd_id) for ocd_id in ids} - {""}
        rows.append(
            CoverageRow(
                layer, vintage.name, vintage.source, len(ids), len(states), len(with_holder & set(ids)), not_in_list
            )
        )
    return sorted(
        rows, key=lambda row: (NATIONAL_LAYERS.index(row.layer) if row.layer in NATIONAL_LAYERS else 9, row.layer)
    )


def _divisions_with_holder(day: date) -> set[str]:
    """Return the divisions that have an office holder on a date."""
    started, not_ended = Q(start=None) | Q(start__lte=day), Q(end=None) | Q(end__gt=day)
    return set(Holding.objects.live().filter(started, not_ended).values_list("office__division", flat=True).distinct())


def _state(ocd_id: str) -> str:
    parts = ocd_id.split("/")
    return parts[2] if len(parts) > 2 else ""


def missing_data(day: date | None = None) -> list[str]:
    """Return a sentence for each kind of data that a nationwide site needs and that is not loaded."""
    day = day or lookup.today()
    sentences = []
    if not ocd_list.divisions_file().exists():
        sentences.append("The list of division ids: load_divisions.")
    sentences += _missing_boundaries(day)
    if not services.address_sources():
        sentences.append("Addresses: load_addresses. Without them, no address and no ZIP code can be looked up.")
    sentences += _missing_officials(day)
    if not Election.objects.from_day(day).exists():
        sentences.append("Upcoming elections: load_elections.")
    return sentences


def _missing_boundaries(day: date) -> list[str]:
    sentences, vintages = [], lookup.vintages_on(day)
    for layer in NATIONAL_LAYERS:
        if layer not in vintages:
            sentences.append(f"Boundaries of {layer}: load_boundaries.")
            continue
        present = {_state(ocd_id) for ocd_id in lookup.vintage_ids(vintages[layer])}
        absent = [ocd_id for ocd_id in _states(layer) if ocd_id not in present]
        # An installation of a single state does not lack the others.
        if absent and len(present) > 1:
            sentences.append(f"Boundaries of {layer} in {len(absent)} states: {_list_states(absent)}.")
    return sentences


def _states(layer: str) -> list[str]:
    """Return the states and the District of Columbia that have this layer."""
    states = [ocd_id for ocd_id in state_prefixes() if not ocd_id.startswith("territory:")]
    return [ocd_id for ocd_id in states if ocd_id not in STATES_WITHOUT_LAYER.get(layer, ())]


def _list_states(names: list[str]) -> str:
    codes = [name.rpartition(":")[2].upper() for name in names]
    return ", ".join(codes[:12]) + (" and others" if len(codes) > 12 else "")


def _missing_officials(day: date) -> list[str]:
    sentences, with_holder = [], _divisions_with_holder(day)
    for layer, vintage in lookup.vintages_on(day).items():
        if layer not in ROLE_BY_LAYER:
            continue
        ids = lookup.vintage_ids(vintage)
        empty = sorted(set(ids) - with_holder)
        if len(empty) == len(ids):
            sentences.append(f"Officials of {layer}: load_officials.")
        elif empty:
            places = sorted({_state(ocd_id) for ocd_id in empty})
            sentences.append(f"Officials of {len(empty)} of {len(ids)} divisions of {layer} (vacant, or of other boundaries): {_list_states(places)}.")  # noqa: E501  # fmt: skip
    return sentences
