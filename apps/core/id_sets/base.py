"""The interface of the id set backends."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence

from apps.core.backends import get_backend
from apps.core.errors import BackendUnavailable
from apps.core.log import get_logger

log = get_logger(__name__)

# Computes a set from the database.
Compute = Callable[[], Iterable[int]]


class IdSets(ABC):
    """Named sets of integers. A key is `name:owner:generation`; a missing set reads as None, not as empty."""

    def __init__(self, url: str) -> None:
        self.url = url

    @abstractmethod
    def put(self, key: str, members: Iterable[int]) -> None:
        """Store a set, replacing the old one; an empty set is stored too."""

    def put_many(self, sets: Mapping[str, Iterable[int]]) -> None:
        """Store several sets; backends may override this with one round trip."""
        for key, members in sets.items():
            self.put(key, members)

    @abstractmethod
    def get(self, key: str) -> set[int] | None:
        """Return a set, or None if it is not stored."""

    def get_many(self, keys: Sequence[str]) -> dict[str, set[int]]:
        """Return the stored ones of several sets by key; backends override this with one round trip."""
        found = {key: self.get(key) for key in keys}
        return {key: members for key, members in found.items() if members is not None}

    @abstractmethod
    def combine(self, wanted: Sequence[str], without: Sequence[str] = ()) -> set[int] | None:
        """Return the intersection of `wanted` minus every set of `without`; None if any set is missing."""

    @abstractmethod
    def drop(self, prefix: str) -> None:
        """Delete every set whose key begins with `prefix`."""

    def members(self, wanted: Mapping[str, Compute], without: Mapping[str, Compute] | None = None) -> set[int]:
        """Return what `combine` returns, after computing and storing the sets that are missing.

        The result is the same if the backend is emptied meanwhile or down: then it comes from the database.
        """
        excluded = without or {}
        try:
            stored = self.combine(list(wanted), list(excluded))
        except BackendUnavailable:
            stored = None
        if stored is not None:
            return stored
        computed = {key: set(compute()) for key, compute in {**wanted, **excluded}.items()}
        self._store(computed)
        included = set.intersection(*(computed[key] for key in wanted))
        return included.difference(*(computed[key] for key in excluded))

    def read_many(self, sets: Mapping[str, Compute]) -> dict[str, set[int]]:
        """Return several sets by key, after computing and storing those that are missing."""
        try:
            stored = self.get_many(list(sets))
        except BackendUnavailable:
            stored = {}
        computed = {key: set(compute()) for key, compute in sets.items() if key not in stored}
        if computed:
            self._store(computed)
        return stored | computed

    def _store(self, sets: Mapping[str, set[int]]) -> None:
        try:
            self.put_many(sets)
        except BackendUnavailable as error:
            log.warning("id_sets.unavailable", reason=str(error))


def id_sets() -> IdSets:
    """Return the backend that ID_SETS_URL configures."""
    backend: IdSets = get_backend("ID_SETS_URL")
    return backend
