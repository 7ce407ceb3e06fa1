"""The interface of every activity backend. Entries consist of ids, a kind and a time, never of personal data."""

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
# The largest integer of the narrowest backend: 64 bits, signed.
MAX_INTEGER = 2**63 - 1
INVALID_CURSOR = "before is not a position in the feed; use the cursor of the page above."
PAGE_SIZE = 50
MAX_PAGE_SIZE = 200


@dataclass(frozen=True)
class ActivityEntry:
    """One activity of a member. `cursor` is the `before` of the page below it; its format depends on the backend."""

    kind: str
    facts: dict[str, int | str]
    key: str
    at: datetime
    cursor: str


def validate_facts(facts: Facts) -> dict[str, int | str]:
    """Return the facts as a dict; raise ValueError that names a fact which is not an id."""
    for name, value in facts.items():
        number = isinstance(value, int) and abs(value) <= MAX_INTEGER
        if not KIND_PATTERN.match(name) or not (number or (isinstance(value, str) and ID_PATTERN.match(value))):
            raise ValueError(f"The fact {name!r} is not an id.")
    return dict(facts)


class Activity(ABC):
    """The feed of each member, newest first. Never authoritative: it may be emptied at any time."""

    # Whether the backend is the application's database, and so takes part in the writer's transaction.
    in_database: ClassVar[bool] = False

    def __init__(self, url: str) -> None:
        self.url = url

    def append(self, *, actor_id: int, kind: str, facts: Facts, key: str) -> bool:
        """Add an activity; return False if the member already has one of this key, which is left unchanged.

        Raises ValueError if kind, key or a fact is not an id.
        """
        if not KIND_PATTERN.match(kind) or not KEY_PATTERN.match(key):
            raise ValueError("The kind or the key of an activity is not an id.")
        return self._append(actor_id=actor_id, kind=kind, facts=validate_facts(facts), key=key)

    def feed(self, member_id: int, *, limit: int = PAGE_SIZE, before: str | None = None) -> list[ActivityEntry]:
        """Return at most `limit` (and MAX_PAGE_SIZE) activities, newest first, older than the cursor `before`.

        Raises BadInput if `before` is not a cursor.
        """
        if before is not None and not KEY_PATTERN.match(before):
            raise BadInput(INVALID_CURSOR)
        return self._feed(member_id, limit=max(1, min(limit, MAX_PAGE_SIZE)), before=before)

    def whole_feed(self, member_id: int) -> Iterator[ActivityEntry]:
        """Yield every activity of a member, newest first."""
        page = self.feed(member_id, limit=MAX_PAGE_SIZE)
        while page:
            yield from page
            page = self.feed(member_id, limit=MAX_PAGE_SIZE, before=page[-1].cursor)

    @abstractmethod
    def _append(self, *, actor_id: int, kind: str, facts: dict[str, int | str], key: str) -> bool:
        """Store validated values, once per (actor_id, key)."""

    @abstractmethod
    def _feed(self, member_id: int, *, limit: int, before: str | None) -> list[ActivityEntry]:
        """Return one page."""

    @abstractmethod
    def erase(self, member_id: int) -> int:
        """Delete all activities of a member; return how many. Safe to run twice."""

    @abstractmethod
    def purge(self, before: datetime) -> int:
        """Delete activities before a time, in short transactions; return how many."""


def activity() -> Activity:
    """Return the backend that ACTIVITY_URL names."""
    store: Activity = get_backend("ACTIVITY_URL")
    return store
