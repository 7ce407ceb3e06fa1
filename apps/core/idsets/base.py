"""What every store of id sets can do."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from apps.core.stores import get_store


class IdSets(ABC):
    """Named sets of whole numbers. A key is `what:owner:generation`; a missing set reads as None, not as empty."""

    def __init__(self, url: str) -> None:
        self.url = url

    @abstractmethod
    def put(self, key: str, members: Iterable[int]) -> None:
        """Store a whole set, replacing what was there; an empty set is stored too."""

    def put_many(self, sets: Mapping[str, Iterable[int]]) -> None:
        """Store several whole sets; a store may do it in one go."""
        for key, members in sets.items():
            self.put(key, members)

    @abstractmethod
    def get(self, key: str) -> set[int] | None:
        """Return a set, or None where it is not stored."""

    @abstractmethod
    def combine(self, wanted: Sequence[str], without: Sequence[str] = ()) -> set[int] | None:
        """Return the members of all `wanted` sets that are in none of `without`; None if any set is missing."""

    @abstractmethod
    def drop(self, prefix: str) -> None:
        """Forget every set whose key begins with `prefix`."""


def id_sets() -> IdSets:
    """Return the store that ID_SETS_URL names."""
    store: IdSets = get_store("ID_SETS_URL")
    return store
