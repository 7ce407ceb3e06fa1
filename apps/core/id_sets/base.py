"""What every store of id sets can do."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence

from apps.core.backends import get_backend
from apps.core.errors import BackendUnavailable
from apps.core.log import get_logger

log = get_logger(__name__)

# Makes a set from the database.
Recipe = Callable[[], Iterable[int]]


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

    def members(self, wanted: Mapping[str, Recipe], without: Mapping[str, Recipe] | None = None) -> set[int]:
        """Return what `combine` does, and never None: what is missing is made by its recipe and stored.

        The answer is the same where the store is emptied meanwhile, or away: then it is made from the database.
        """
        others = without or {}
        try:
            found = self.combine(list(wanted), list(others))
        except BackendUnavailable:
            found = None
        if found is not None:
            return found
        made = {key: set(recipe()) for key, recipe in {**wanted, **others}.items()}
        self._keep(made)
        inside = set.intersection(*(made[key] for key in wanted))
        return inside.difference(*(made[key] for key in others))

    def _keep(self, made: Mapping[str, set[int]]) -> None:
        try:
            self.put_many(made)
        except BackendUnavailable as error:
            log.warning("idsets.away", reason=str(error))


def id_sets() -> IdSets:
    """Return the store that ID_SETS_URL names."""
    store: IdSets = get_backend("ID_SETS_URL")
    return store
