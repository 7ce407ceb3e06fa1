"""Sets of a member's contact ids by status and division, and segments that apps above add (asked, pledged).

The key of a set carries the owner's generation, so that an outdated set is never read. Missing sets are rebuilt from
the database: the store may be emptied at any time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial

from apps.accounts.models import User
from apps.core.errors import BackendUnavailable
from apps.core.id_sets.base import id_sets
from apps.officials.representation import with_containing_divisions

from . import locking
from .managers import ContactQuerySet
from .models import Contact, Status

ALL = "all"
COUNTRY = "ocd-division/country:us"
DIVISION_TYPES = {"DC": "district", "PR": "territory", "VI": "territory", "GU": "territory", "AS": "territory",
              "MP": "territory"}  # fmt: skip

SegmentIds = Mapping[str, Iterable[int]]
_providers: dict[str, Callable[[int], SegmentIds]] = {}


def register_segment(name: str, provider: Callable[[int], SegmentIds]) -> None:
    """Register a function of an app above that returns segments by name for an owner id.

    Called in AppConfig.ready. A write that changes those segments calls `locking.bump_generation` in its transaction.
    """
    _providers[name] = provider


def status_segment(name: str) -> str:
    """Return the segment name of a status."""
    return f"status:{name}"


def division_segment(ocd_id: str) -> str:
    """Return the segment name of a division: contacts in it or in a division within it."""
    return f"at:{ocd_id}"


def state_division(code: str) -> str:
    """Return the OCD id of a two-letter state code."""
    return f"{COUNTRY}/{DIVISION_TYPES.get(code, 'state')}:{code.lower()}"


def contact_divisions(state: str, districts: Mapping[str, str]) -> list[str]:
    """Return every division of a contact that may be disclosed."""
    division_ids = [value for value in districts.values() if value.startswith("ocd-division/")]
    return (
        with_containing_divisions([*division_ids, state_division(state)])
        if state
        else with_containing_divisions(division_ids)
    )


def segments_of(owner_id: int, names: Iterable[str]) -> dict[str, set[int]]:
    """Return several segments by name in one call of the store; an unknown segment is empty."""
    builder = _SegmentBuilder(owner_id)
    wanted = dict.fromkeys(names)
    stored = id_sets().read_many({builder.prefix + name: partial(builder.named, name) for name in wanted})
    return {name: stored[builder.prefix + name] for name in wanted}


def members_of_any(owner_id: int, groups: Sequence[Sequence[str]], excluded: Sequence[str] = ()) -> set[int]:
    """Return the contacts in at least one segment of each group and in none of `excluded`."""
    found = segments_of(owner_id, [ALL, *(name for group in groups for name in group), *excluded])
    members = found[ALL]
    for group in groups:
        members = members & set().union(*(found[name] for name in group))
    return members.difference(*(found[name] for name in excluded))


class _SegmentBuilder:
    """Build all segments of a member in one pass when one is missing, and drop older generations."""

    def __init__(self, owner_id: int) -> None:
        self.owner_id = owner_id
        self.prefix = f"contacts:{owner_id}:{locking.current_generation(owner_id)}:"

    def named(self, name: str) -> Iterable[int]:
        """Return the ids of one segment."""
        return self._all.get(name, ())

    @cached_property
    def _all(self) -> dict[str, set[int]]:
        # Every status has a set, even an empty one: a missing set triggers a rebuild.
        segments: defaultdict[str, set[int]] = defaultdict(
            set, {ALL: set(), **{status_segment(name_of_status): set() for name_of_status in Status}}
        )
        rows: ContactQuerySet = Contact.objects.owned_by(self.owner_id).order_by()
        for pk, contact_status, state, districts in rows.values_list("pk", "status", "state", "districts").iterator():
            segments[ALL].add(pk)
            segments[status_segment(contact_status)].add(pk)
            for division in contact_divisions(state, districts):
                segments[division_segment(division)].add(pk)
        for provider in _providers.values():
            for name, ids in provider(self.owner_id).items():
                segments[name] |= set(ids) & segments[ALL]
        with suppress(BackendUnavailable):
            if id_sets().get(self.prefix + ALL) is None:  # otherwise the current sets only lack one name
                id_sets().drop(f"contacts:{self.owner_id}:")
            id_sets().put_many({self.prefix + name: ids for name, ids in segments.items()})
        return dict(segments)


def drop_segments(owner_id: int) -> None:
    """Drop a member's segments."""
    id_sets().drop(f"contacts:{owner_id}:")


def contacts_in(owner: User, ids: Iterable[int]) -> ContactQuerySet:
    """Return the contacts with these ids that still exist."""
    rows: ContactQuerySet = Contact.objects.owned_by(owner).filter(pk__in=list(ids))
    return rows
