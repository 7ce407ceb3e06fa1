"""Measure what the limits of guesses cost honest owners of address books: rows that only a counter lowers.

Two hundred books of 50 to 2,000 people are matched on one installation, each by an account of its own: voters as
friends record them, relatives and strangers (`apps.synthetic.contacts.mix`). Owners know each other's friends: half of
a book lives in one ZIP code. Some of the addresses are outdated, so that honest rows use up counters.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from random import Random
from typing import Final

import numpy as np

from apps.contacts import matching, quotas
from apps.contacts.models import Status
from apps.contacts.parsing.types import PostalPlace, RawContact
from apps.core.models import QuotaUse
from apps.synthetic.contacts.mix import make_book
from apps.synthetic.sample import SampledVoter

from .world import Row, World, born

BOOKS: Final = 200
SMALLEST, LARGEST = 50, 2_000
OUTDATED: Final = 0.12  # of the addresses, as in tests/labelled
MOVED_NEAR: Final = 0.6  # of the people who moved: within their city, as in tests/labelled
BOUND: Final = 0.005
# As many as a worker matches at a time.
CHUNK: Final = 500
LIMITS: Final = ("WRONG_ADDRESSES_OF_ACCOUNT", "WRONG_ADDRESSES_OF_ALL", "WRONG_YEARS", "WRONG_NEAR_ADDRESSES")
FIRST_OWNER: Final = 1_000_000


@dataclass(frozen=True)
class BooksCost:
    """Rows of all books, those with an address, those that are registered, and those that a counter lowers."""

    rows: int
    with_address: int
    registered: int
    lowered: int


def measure(world: World, books: int = BOOKS, largest: int = LARGEST, seed: int = 1) -> BooksCost:
    """Return the cost on the installation's own roll; counters are empty before and after."""
    rng = Random(f"books {seed}")
    shelf = [_book(world, rng, largest, seed * books + at) for at in range(books)]
    with _without_limits():
        free = _statuses(shelf)
    limited = _statuses(shelf)
    lowered = sum(one.rank < other.rank for one, other in zip(limited, free, strict=True))
    everybody = [person for book in shelf for person in book]
    with_address = sum(bool(person.places and person.places[0].street) for person in everybody)
    registered = sum(one.rank == matching.RANKS[Status.REGISTERED] for one in limited)
    return BooksCost(len(everybody), with_address, registered, lowered)


def _statuses(shelf: Sequence[Sequence[RawContact]]) -> list[matching.ContactMatch]:
    QuotaUse.objects.all().delete()
    owners = count(FIRST_OWNER)
    found = [
        match
        for book in shelf
        for owner in [next(owners)]
        for start in range(0, len(book), CHUNK)
        for part in [book[start : start + CHUNK]]
        for match in matching.match_contacts(owner, part, [[] for _person in part])
    ]
    QuotaUse.objects.all().delete()
    return found


@contextmanager
def _without_limits() -> Iterator[None]:
    """Lift the limits of wrong details in this process."""
    before = {name: getattr(quotas, name) for name in LIMITS if hasattr(quotas, name)}
    try:
        for name in before:
            setattr(quotas, name, 10**9)
        yield
    finally:
        for name, value in before.items():
            setattr(quotas, name, value)


def _book(world: World, rng: Random, largest: int, seed: int) -> list[RawContact]:
    """Return a book whose size is drawn evenly by its logarithm."""
    size = round(SMALLEST * (largest / SMALLEST) ** rng.random())
    near = world.residents[rng.choice(world.rows)["zip"]]
    known = {row["voter_id"]: row for row in [*rng.choices(near, k=size // 2), *rng.choices(world.rows, k=size)]}
    people = make_book([_sampled(row) for row in list(known.values())[:size]], size, np.random.default_rng(seed))
    return [_as_contact(world, rng, person) for person in people]


def _sampled(row: Row) -> SampledVoter:
    year = born(row)[:4]
    return SampledVoter(
        *(row["first_name"], row["last_name"], row["middle_name"], row["suffix"]),
        born=date(int(year), 7, 1) if year else None,
        street=row["address"], city=row["city"], state=row["state"], zip=row["zip"],
        phones=(row["phone"],) if row.get("phone") else (), emails=(row["email"],) if row.get("email") else (),
    )  # fmt: skip


def _as_contact(world: World, rng: Random, person: SampledVoter) -> RawContact:
    place = PostalPlace(street=person.street, city=person.city, state=person.state, zip=person.zip)
    if person.street and rng.random() < OUTDATED:
        old = rng.choice(world.of_city[person.city] if rng.random() < MOVED_NEAR else world.rows)
        place = PostalPlace(street=old["address"], city=old["city"], state=old["state"], zip=old["zip"])
    return RawContact(
        first=person.first,
        middle=person.middle,
        last=person.last,
        suffix=person.suffix,
        birth_year=str(person.born.year) if person.born else "",
        phones=person.phones,
        emails=person.emails,
        places=(place,),
    )
