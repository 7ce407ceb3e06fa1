"""The embedded voter index: mapped files of the live snapshots, shared by all processes of the machine."""

import threading
from collections.abc import Iterator, Mapping, Sequence

from apps.matching import Answer, Matcher, Person, open_index

from .. import files
from ..loading.store import INDEX_FOLDER
from . import people as stewards
from .base import Hit, VoterIndex


class EmbeddedVoterIndex(VoterIndex):
    """Opens the live indexes once per process; each call asks which snapshots are live, in one small query."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._lock = threading.Lock()
        self._open: tuple[tuple[files.Key, ...], Matcher] = ((), Matcher(()))

    def matcher(self) -> Matcher:
        """Return the engine over the snapshots that are live now."""
        live = files.live()
        ids = tuple(files.key_of(snapshot) for snapshot in live.values())
        opened, matcher = self._open
        if opened != ids:
            with self._lock:
                matcher = Matcher(open_index(s.path / INDEX_FOLDER) for s in live.values())
                self._open = (ids, matcher)
        return matcher

    def _match(self, people: Sequence[Person], kind: str) -> list[Answer]:
        return self.matcher().match_many(people, kind)

    def search_people(self, query: Mapping[str, str], limit: int) -> list[Hit]:
        """Search by last name (its beginning will do) and what else is given; there are no wildcards."""
        wanted = stewards.wanted_of(query)

        def hits() -> Iterator[Hit]:
            for snapshot in stewards.searched(wanted, files.live().values()):
                yield from stewards.by_name(snapshot, wanted)

        return stewards.open_ones(hits(), limit)
