"""Write a snapshot's SQLite file: written once, then read-only. No other database holds a voter's row."""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from apps.matching import STORED_FIELDS
from apps.matching.normalize.text import fold

from ..layout import Layout
from ..suppression_keys import suppression_key
from . import values
from .plan import StoredVoter

ROLL_FILE: Final = "roll.sqlite3"
INDEX_FOLDER: Final = "index"
KEY_LENGTH: Final = 16
SMALL_LAYERS: Final = frozenset({"precinct", "ward"})
_TABLES: Final = """
CREATE TABLE voter (
    {columns}, status TEXT NOT NULL, registered INTEGER NOT NULL, mailing_address TEXT NOT NULL,
    place INTEGER NOT NULL, last_key TEXT NOT NULL
);
CREATE TABLE place (
    id INTEGER PRIMARY KEY, county TEXT NOT NULL, districts TEXT NOT NULL, voters INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE withheld (hash BLOB PRIMARY KEY) WITHOUT ROWID;
""".format(columns=", ".join(f"{name} TEXT NOT NULL" for name in STORED_FIELDS))
_INSERT: Final = f"INSERT INTO voter VALUES ({','.join('?' * (len(STORED_FIELDS) + 5))})"  # noqa: S608 - marks only
# Not durable while written: a load that crashes is discarded, and `finish` syncs the file.
_PRAGMAS: Final = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"


def last_key(last_name: str) -> str:
    """Return a last name's folded letters, by which the stewards' search finds it."""
    return "".join(c for c in fold(last_name) if c.isalpha())[:KEY_LENGTH]


class SnapshotWriter:
    """Writes the voters of one state in one load."""

    def __init__(self, folder: Path, *, layout: Layout, layers: Sequence[str], state: str) -> None:
        self.path = folder / ROLL_FILE
        self._templates = [layout.districts[layer].id for layer in layers]
        self._skip = [frozenset(v.upper() for v in layout.districts[layer].skip) for layer in layers]
        self._layers, self._state = list(layers), state
        self._places: dict[tuple[str, ...], int] = {}
        self._counties: dict[int, str] = {}
        self._districts: dict[int, dict[str, str]] = {}
        self._keys: dict[str, str] = {}
        self._withheld: set[str] = set()
        self.by_place: Counter[int] = Counter()
        self.by_status: Counter[str] = Counter()
        descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL, 0o600)
        os.close(descriptor)
        self._db = sqlite3.connect(self.path, isolation_level=None)
        self._db.executescript(_PRAGMAS + _TABLES)
        self._db.execute("BEGIN")

    def add(self, voters: Sequence[StoredVoter]) -> None:
        """Write a batch of voters."""
        places = [self._places.get(voter.place) or self._add_place(voter.place) for voter in voters]
        self.by_place.update(places)
        self.by_status.update([voter.record.status for voter in voters])
        self._db.executemany(
            _INSERT,
            [
                (*record[: len(STORED_FIELDS)], record.status, registered, mailing_address, place, key)
                for (record, registered, mailing_address, _), place, key in zip(
                    voters, places, self._last_keys(voters), strict=True
                )
            ],
        )

    def _last_keys(self, voters: Sequence[StoredVoter]) -> list[str]:
        """Return the search keys of the last names; each distinct name is folded once."""
        names, known = [voter.record.last_name for voter in voters], self._keys
        if len(known) > 500_000:
            known.clear()
        for name in set(names).difference(known):
            known[name] = last_key(name)
        return [known[name] for name in names]

    def _add_place(self, raw: tuple[str, ...]) -> int:
        """Store a new combination of county and districts; return its number."""
        county = values.county_slug(raw[0])
        districts = {}
        for layer, template, skip, value in zip(self._layers, self._templates, self._skip, raw[1:], strict=True):
            plain = county if layer == "county" and not value.startswith(values.OCD_PREFIX) else value
            ocd_id = "" if value.upper() in skip else values.ocd_id(template, plain, state=self._state, county=county)
            if ocd_id:
                districts[layer] = ocd_id
        number = self._places[raw] = len(self._places) + 1
        self._counties[number] = raw[0].upper()
        self._districts[number] = districts
        self._db.execute(
            "INSERT INTO place (id, county, districts) VALUES (?,?,?)", (number, raw[0], json.dumps(districts))
        )
        return number

    def withhold(self, voter_ids: Iterable[str]) -> None:
        """Store the suppression keys of withheld rows; the ids themselves are dropped with this object."""
        ids = set(voter_ids)
        self._withheld |= ids
        self._db.executemany(
            "INSERT OR IGNORE INTO withheld VALUES (?)", [(suppression_key(self._state, i),) for i in ids]
        )

    def by_county(self) -> dict[str, int]:
        """Return the number of rows of each county."""
        total: Counter[str] = Counter()
        for place, count in self.by_place.items():
            total[self._counties[place]] += count
        return dict(sorted(total.items()))

    def by_district(self) -> dict[str, dict[str, int]]:
        """Return the number of rows of each district, by layer, without precincts and wards: too many and too small."""
        total: dict[str, Counter[str]] = {}
        for place, count in self.by_place.items():
            for layer, ocd_id in self._districts[place].items():
                if layer not in SMALL_LAYERS:
                    total.setdefault(layer, Counter())[ocd_id] += count
        return {layer: dict(sorted(counts.items())) for layer, counts in sorted(total.items())}

    def finish(self) -> dict[str, int]:
        """Delete duplicate and withheld rows, build the lookup indexes, and sync; return rows deleted by reason.

        A registered row wins over others of its id: some states list a person again in the county they left.
        """
        self._db.execute("CREATE INDEX voter_by_id ON voter (voter_id)")
        # An id withheld on one line is withheld on all; an index hit without a row here is ignored.
        withheld = self._db.executemany("DELETE FROM voter WHERE voter_id = ?", [(i,) for i in self._withheld]).rowcount
        duplicates = self._db.execute(
            "DELETE FROM voter WHERE rowid IN (SELECT rowid FROM (SELECT rowid, row_number() OVER "
            "(PARTITION BY voter_id ORDER BY registered DESC, rowid DESC) AS n FROM voter WHERE voter_id IN "
            "(SELECT voter_id FROM voter GROUP BY voter_id HAVING count(*) > 1)) WHERE n > 1)"
        ).rowcount
        self._db.execute(
            "UPDATE place SET voters = n FROM (SELECT place, count(*) AS n FROM voter WHERE registered = 1 "
            "GROUP BY place) AS counted WHERE counted.place = place.id"
        )
        self._db.execute("CREATE INDEX voter_by_name ON voter (last_key, first_name)")
        # Removed voters are in no index; a lookup of one's own registration reads them here.
        self._db.execute("CREATE INDEX voter_not_registered ON voter (last_key) WHERE registered = 0")
        self._db.execute("COMMIT")
        self.close()
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
        return {"confidential": max(withheld, 0), "duplicate": duplicates}

    def close(self) -> None:
        """Close the file."""
        self._db.close()
