"""A snapshot's own SQLite file: written once, then only read. No other database holds a voter's row."""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Final

from apps.matching.normalize.text import fold

from ..layout import Layout
from ..suppression_keys import key_of
from . import values
from .plan import Kept

FILE: Final = "roll.sqlite3"
INDEX_FOLDER: Final = "index"
KEY_LENGTH: Final = 16
SMALL_LAYERS: Final = frozenset({"precinct", "ward"})
_TABLES: Final = """
CREATE TABLE voter (
    voter_id TEXT NOT NULL, status TEXT NOT NULL, registered INTEGER NOT NULL, first_name TEXT NOT NULL,
    middle_name TEXT NOT NULL, last_name TEXT NOT NULL, suffix TEXT NOT NULL, dob TEXT NOT NULL,
    birth_year TEXT NOT NULL, sex TEXT NOT NULL, address TEXT NOT NULL, city TEXT NOT NULL, zip TEXT NOT NULL,
    mail TEXT NOT NULL, place INTEGER NOT NULL, last_key TEXT NOT NULL
);
CREATE TABLE place (
    id INTEGER PRIMARY KEY, county TEXT NOT NULL, districts TEXT NOT NULL, voters INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE withheld (hash BLOB PRIMARY KEY) WITHOUT ROWID;
"""
# Not durable while it is written: a load that dies is thrown away whole, and `finish` syncs before it counts.
_PRAGMAS: Final = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"


def last_key(last_name: str) -> str:
    """Return the folded letters by which stewards find a last name."""
    return "".join(c for c in fold(last_name) if c.isalpha())[:KEY_LENGTH]


class Store:
    """Writes one state's voters of one load."""

    def __init__(self, folder: Path, *, layout: Layout, layers: Sequence[str], state: str) -> None:
        self.path = folder / FILE
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

    def add(self, voters: Sequence[Kept]) -> None:
        """Write a batch."""
        places = [self._places.get(raw) or self._place(raw) for raw in map(itemgetter(16), voters)]
        self.by_place.update(places)
        self.by_status.update(map(itemgetter(1), voters))
        self._db.executemany(
            "INSERT INTO voter VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [(*v[:14], place, key) for v, place, key in zip(voters, places, self._all_keys(voters), strict=True)],
        )

    def _all_keys(self, voters: Sequence[Kept]) -> list[str]:
        """Return the keys of the last names; each name is folded once."""
        names, known = list(map(itemgetter(5), voters)), self._keys
        if len(known) > 500_000:
            known.clear()
        for name in set(names).difference(known):
            known[name] = last_key(name)
        return [known[name] for name in names]

    def _place(self, raw: tuple[str, ...]) -> int:
        """Give a new combination of county and district values its number."""
        county = values.county_slug(raw[0])
        districts = {}
        for layer, template, skip, value in zip(self._layers, self._templates, self._skip, raw[1:], strict=True):
            plain = county if layer == "county" and not value.startswith(values.OCD) else value
            made = "" if value.upper() in skip else values.ocd_id(template, plain, state=self._state, county=county)
            if made:
                districts[layer] = made
        number = self._places[raw] = len(self._places) + 1
        self._counties[number] = raw[0].upper()
        self._districts[number] = districts
        self._db.execute(
            "INSERT INTO place (id, county, districts) VALUES (?,?,?)", (number, raw[0], json.dumps(districts))
        )
        return number

    def withhold(self, voter_ids: Iterable[str]) -> None:
        """Keep the keyed hashes of rows that are not stored; the ids themselves last as long as the load."""
        ids = set(voter_ids)
        self._withheld |= ids
        self._db.executemany("INSERT OR IGNORE INTO withheld VALUES (?)", [(key_of(self._state, i),) for i in ids])

    def by_county(self) -> dict[str, int]:
        """Count the rows of each county."""
        total: Counter[str] = Counter()
        for place, count in self.by_place.items():
            total[self._counties[place]] += count
        return dict(sorted(total.items()))

    def by_district(self) -> dict[str, dict[str, int]]:
        """Count the rows of each district, by layer; precincts and wards are too many to keep, and too small."""
        total: dict[str, Counter[str]] = {}
        for place, count in self.by_place.items():
            for layer, ocd_id in self._districts[place].items():
                if layer not in SMALL_LAYERS:
                    total.setdefault(layer, Counter())[ocd_id] += count
        return {layer: dict(sorted(counts.items())) for layer, counts in sorted(total.items())}

    def finish(self) -> dict[str, int]:
        """Drop what a registered row of the same id makes obsolete, build the look-up indexes, and sync.

        Some states list a person again in the county they left. Returns how many rows were dropped, by reason.
        """
        self._db.execute("CREATE INDEX voter_by_id ON voter (voter_id)")
        # Withheld on one line is withheld on all; a hit in the index without a row here is nobody.
        withheld = self._db.executemany("DELETE FROM voter WHERE voter_id = ?", [(i,) for i in self._withheld]).rowcount
        doubled = self._db.execute(
            "DELETE FROM voter WHERE rowid IN (SELECT rowid FROM (SELECT rowid, row_number() OVER "
            "(PARTITION BY voter_id ORDER BY registered DESC, rowid DESC) AS n FROM voter WHERE voter_id IN "
            "(SELECT voter_id FROM voter GROUP BY voter_id HAVING count(*) > 1)) WHERE n > 1)"
        ).rowcount
        self._db.execute(
            "UPDATE place SET voters = n FROM (SELECT place, count(*) AS n FROM voter WHERE registered = 1 "
            "GROUP BY place) AS counted WHERE counted.place = place.id"
        )
        self._db.execute("CREATE INDEX voter_by_name ON voter (last_key, first_name)")
        # Removed voters are in no index; a look-up of one's own registration reads them here.
        self._db.execute("CREATE INDEX voter_not_registered ON voter (last_key) WHERE registered = 0")
        self._db.execute("COMMIT")
        self.close()
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
        return {"confidential": max(withheld, 0), "duplicate": doubled}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
