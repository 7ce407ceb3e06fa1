"""The embedded voter index: mapped files of the live snapshots, shared by all processes of the machine."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from apps.core.errors import BadInput
from apps.matching import Answer, Matcher, Person, open_index
from apps.matching.normal import places
from apps.matching.normal.text import fold

from .. import files, suppression
from ..loading.store import INDEX_FOLDER, last_key
from ..models import Snapshot
from .base import QUERY_FIELDS, Hit, VoterIndex

SHORTEST_NAME: Final = 2
MOST_READ: Final = 5_000  # rows of one surname that a search looks through
_COLUMNS: Final = (
    "voter_id, first_name, middle_name, last_name, suffix, city, zip, birth_year, status, substr(dob, 1, 4)"
)


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

    def states(self) -> list[str]:
        """Return the states whose rolls answer."""
        return list(files.live())

    def search_people(self, query: Mapping[str, str], limit: int) -> list[Hit]:
        """Search by last name (its beginning will do) and what else is given; there are no wildcards."""
        wanted = {name: " ".join(query.get(name, "").split())[:100] for name in QUERY_FIELDS}
        if len(last_key(wanted["last_name"])) < SHORTEST_NAME:
            raise BadInput("Type at least two letters of the last name.")
        hits: list[Hit] = []
        for state, snapshot in files.live().items():
            if not wanted["state"] or places.state(wanted["state"]) == state:
                hits += [hit for hit in _found(snapshot, wanted) if _fits(hit, wanted)]
        protected = suppression.suppressed_of((hit.state, hit.voter_id) for hit in hits)
        return [hit for hit in hits if (hit.state, hit.voter_id) not in protected][:limit]


def _found(snapshot: Snapshot, wanted: Mapping[str, str]) -> Iterator[Hit]:
    key = last_key(wanted["last_name"])
    beginning = "last_key >= ? AND last_key < ? ORDER BY last_key, first_name LIMIT ?"
    query = f"SELECT {_COLUMNS} FROM voter WHERE {beginning}"  # noqa: S608 - every value is bound
    with files.opened(snapshot) as db:
        for row in db.execute(query, (key, key + "~", MOST_READ)):
            voter_id, first, middle, last, suffix, city, zip_code, year, status, dob_year = row
            yield Hit(snapshot.state, voter_id, first, middle, last, suffix, city, zip_code, year or dob_year, status)


def _fits(hit: Hit, wanted: Mapping[str, str]) -> bool:
    return (
        fold(hit.first_name).startswith(fold(wanted["first_name"]))
        and (not wanted["city"] or places.city(hit.city) == places.city(wanted["city"]))
        and (not wanted["zip"] or places.zip_code(hit.zip) == places.zip_code(wanted["zip"]))
        and wanted["birth_year"] in ("", hit.birth_year)
    )
