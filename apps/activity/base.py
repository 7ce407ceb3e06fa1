"""What every store of the activity feed can do. A document holds ids, a kind and a time: nothing that is personal."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from apps.core.backends import get_backend
from apps.core.errors import BadInput
from apps.jobs.jobs import ID_PATTERN

Facts = Mapping[str, int | str]
KIND_PATTERN = re.compile(r"[a-z][a-z_.]{0,59}\Z")
KEY_PATTERN = re.compile(r"[A-Za-z0-9_:.\-]{1,120}\Z")
# What the narrowest store can hold: a signed number of 64 bits.
BIGGEST = 2**63 - 1
PAGE = 50
MOST = 200


@dataclass(frozen=True)
class ActivityEntry:
    """One act of a member. `cursor` is what `feed(before=)` takes to go on below it; its form is the store's own."""

    kind: str
    facts: dict[str, int | str]
    key: str
    at: datetime
    cursor: str


def checked_facts(facts: Facts) -> dict[str, int | str]:
    """Return the facts as a dict; raises ValueError naming the fact that is not an id."""
    for name, value in facts.items():
        number = isinstance(value, int) and abs(value) <= BIGGEST
        if not KIND_PATTERN.match(name) or not (number or (isinstance(value, str) and ID_PATTERN.match(value))):
            raise ValueError(f"The fact {name!r} is not an id.")
    return dict(facts)


class Activity(ABC):
    """The feed of each member, newest first. It may be emptied at any moment: it is never the truth."""

    # Whether it lies in the application's own database, and so in the transactions of whoever writes.
    in_database: ClassVar[bool] = False

    def __init__(self, url: str) -> None:
        self.url = url

    def append(self, *, actor_id: int, kind: str, facts: Facts, key: str) -> bool:
        """Add an act; returns False where the member already has one of this key, which then stays as it is.

        Raises ValueError where kind, key or a fact is not an id: such a value never reaches a store.
        """
        if not KIND_PATTERN.match(kind) or not KEY_PATTERN.match(key):
            raise ValueError("The kind or the key of an act is not an id.")
        return self._append(actor_id=actor_id, kind=kind, facts=checked_facts(facts), key=key)

    def feed(self, member_id: int, *, limit: int = PAGE, before: str | None = None) -> list[ActivityEntry]:
        """Return at most `limit` (and 200) acts, the newest first, from below the cursor `before`.

        Raises BadInput where `before` is not a cursor.
        """
        if before is not None and not KEY_PATTERN.match(before):
            raise BadInput("before is not a place in the feed; take one from the page above it.")
        return self._feed(member_id, limit=max(1, min(limit, MOST)), before=before)

    def whole_feed(self, member_id: int) -> Iterator[ActivityEntry]:
        """Yield every act of a member, the newest first."""
        page = self.feed(member_id, limit=MOST)
        while page:
            yield from page
            page = self.feed(member_id, limit=MOST, before=page[-1].cursor)

    @abstractmethod
    def _append(self, *, actor_id: int, kind: str, facts: dict[str, int | str], key: str) -> bool:
        """Store checked values, once for each (actor_id, key)."""

    @abstractmethod
    def _feed(self, member_id: int, *, limit: int, before: str | None) -> list[ActivityEntry]:
        """Read one page."""

    @abstractmethod
    def erase(self, member_id: int) -> int:
        """Drop everything of a member; returns how many acts went. Safe to run twice."""

    @abstractmethod
    def purge(self, before: datetime) -> int:
        """Drop what is older, in short steps; returns how many acts went."""


def activity() -> Activity:
    """Return the store that ACTIVITY_URL names."""
    store: Activity = get_backend("ACTIVITY_URL")
    return store
