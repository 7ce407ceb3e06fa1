"""Who of a member's contacts is where: id sets by status and division, and what apps above add (asked, pledged).

A set's key carries the book's generation, so that a set of an older state is never read. Sets are made from the
database whenever they are missing: the store may be emptied at any moment.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any

from apps.core.errors import BackendUnavailable
from apps.core.id_sets.base import Compute, id_sets
from apps.officials.representation import with_containing_divisions

from .managers import ContactQuerySet
from .models import Contact, Status
from .services import locking

ALL = "all"
COUNTRY = "ocd-division/country:us"
NOT_STATES = {"DC": "district", "PR": "territory", "VI": "territory", "GU": "territory", "AS": "territory",
              "MP": "territory"}  # fmt: skip

Members = Mapping[str, Iterable[int]]
_makers: dict[str, Callable[[int], Members]] = {}


def register_segment(name: str, make: Callable[[int], Members]) -> None:
    """Add sets of an app above: `make(owner_id)` returns them by name. Called in AppConfig.ready.

    Whoever changes what they are made of calls `books.touch` in the same transaction.
    """
    _makers[name] = make


def status(name: str) -> str:
    """Return the name of the set of a status."""
    return f"status:{name}"


def at(ocd_id: str) -> str:
    """Return the name of the set of a division: everybody in it, or in a division inside it."""
    return f"at:{ocd_id}"


def state_division(code: str) -> str:
    """Return the division of a state's two-letter code."""
    return f"{COUNTRY}/{NOT_STATES.get(code, 'state')}:{code.lower()}"


def divisions(state: str, districts: Mapping[str, str]) -> list[str]:
    """Return every division that a contact is in, as far as it may be told."""
    known = [value for value in districts.values() if value.startswith("ocd-division/")]
    return with_containing_divisions([*known, state_division(state)]) if state else with_containing_divisions(known)


def members(owner_id: int, wanted: Sequence[str], without: Sequence[str] = ()) -> set[int]:
    """Return the contacts in all of `wanted` and in none of `without`, in one call of the store.

    A name that no set has is an empty set: nobody is there.
    """
    book = _FromDatabase(owner_id)

    def recipes(names: Sequence[str]) -> dict[str, Compute]:
        return {book.prefix + name: partial(book.named, name) for name in names}

    return id_sets().members(recipes(wanted), recipes(without))


def any_of(owner_id: int, groups: Sequence[Sequence[str]], without: Sequence[str] = ()) -> set[int]:
    """Return the contacts that are in one set of each group, and in none of `without`."""
    found: set[int] | None = None
    for group in groups:
        some = set().union(*(members(owner_id, [ALL, name]) for name in group))
        found = some if found is None else found & some
    for name in without:
        found = (members(owner_id, [ALL]) if found is None else found) - members(owner_id, [ALL, name])
    return members(owner_id, [ALL]) if found is None else found


class _FromDatabase:
    """All sets of a member, made in one pass where one of them is missing; those of older generations go."""

    def __init__(self, owner_id: int) -> None:
        self.owner_id = owner_id
        self.prefix = f"contacts:{owner_id}:{locking.generation(owner_id)}:"

    def named(self, name: str) -> Iterable[int]:
        """Return one set."""
        return self._all.get(name, ())

    @cached_property
    def _all(self) -> dict[str, set[int]]:
        # Every status has its set, an empty one too: what is missing would be made again.
        found: defaultdict[str, set[int]] = defaultdict(set, {ALL: set(), **{status(one): set() for one in Status}})
        rows: ContactQuerySet = Contact.objects.of(self.owner_id).order_by()
        for pk, named, state, districts in rows.values_list("pk", "status", "state", "districts").iterator():
            found[ALL].add(pk)
            found[status(named)].add(pk)
            for division in divisions(state, districts):
                found[at(division)].add(pk)
        for make in _makers.values():
            for name, ids in make(self.owner_id).items():
                found[name] |= set(ids) & found[ALL]
        with suppress(BackendUnavailable):
            if id_sets().get(self.prefix + ALL) is None:  # else these are sets of now, and one name more
                id_sets().drop(f"contacts:{self.owner_id}:")
            id_sets().put_many({self.prefix + name: ids for name, ids in found.items()})
        return dict(found)


def drop_sets(owner_id: int) -> None:
    """Drop a member's sets."""
    id_sets().drop(f"contacts:{owner_id}:")


def contacts_in(owner: Any, ids: Iterable[int]) -> ContactQuerySet:
    """Return the rows of a set's members: those that are still there."""
    rows: ContactQuerySet = Contact.objects.of(owner).filter(pk__in=list(ids))
    return rows
