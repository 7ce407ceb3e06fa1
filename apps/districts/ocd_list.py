"""The published list of Open Civic Data ids: what there should be, what it is called, and its other ids.

Loaded from the project's CSV files into one SQLite file, written beside and renamed. An installation without the list
works; its answers lack what only the list knows.
"""

import csv
import gzip
import os
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from apps.core.errors import BadInput, Refused

SCHEMA: Final = """
CREATE TABLE divisions (id TEXT PRIMARY KEY, name TEXT NOT NULL, valid_from TEXT, valid_to TEXT) WITHOUT ROWID;
CREATE TABLE aliases (id TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (id, other)) WITHOUT ROWID;
"""
FIND: Final = """
SELECT name, (SELECT group_concat(other, '|') FROM aliases WHERE aliases.id = divisions.id)
FROM divisions WHERE id = ?
"""
EXAMPLES: Final = 10


@dataclass(frozen=True)
class Listed:
    """A division of the list: its name and the ids that mean the same place."""

    name: str
    aliases: tuple[str, ...]


def divisions_file() -> Path:
    """Where the list lies."""
    return Path(settings.DATA_DIR) / "boundaries" / "divisions.sqlite3"


class Divisions:
    """The list, opened; each thread has its own connection. Without a file it knows no division."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection | None:
        try:
            made = self.path.stat().st_ino
        except FileNotFoundError:
            return None
        if getattr(self._local, "made", None) != made:
            self._local.connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
            self._local.made = made
        found: sqlite3.Connection = self._local.connection
        return found

    def _rows(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        connection = self._connection()
        return connection.execute(sql, list(values)).fetchall() if connection else []

    def get(self, ocd_id: str) -> Listed | None:
        """One division, or None."""
        row = next(iter(self._rows(FIND, [ocd_id])), None)
        return Listed(row[0], tuple(sorted(row[1].split("|"))) if row[1] else ()) if row else None

    def search(self, words: list[str], most: int) -> list[tuple[str, str]]:
        """Ids and names of the divisions that have every word in id or name; the shortest ids first."""
        where = " AND ".join(["(id LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!')"] * len(words)) or "0"
        values = [value for word in words for value in [_inside(word)] * 2]
        order = f"ORDER BY length(id), id LIMIT {most:d}"
        return self._rows(f"SELECT id, name FROM divisions WHERE {where} {order}", values)  # noqa: S608 - no outside text

    def kinds(self, day: date) -> dict[tuple[str, str], set[str]]:
        """The ids in force on a day, by what contains them and their kind (`sldu`)."""
        rows = self._rows(
            "SELECT id FROM divisions WHERE coalesce(valid_from, '') <= ? AND coalesce(valid_to, '9999') >= ?",
            [str(day)] * 2,
        )
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (each,) in rows:
            found[_kind(each)].add(each)
        return found


def _inside(word: str) -> str:
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return f"%{word}%"


def _kind(ocd_id: str) -> tuple[str, str]:
    before, _, last = ocd_id.rpartition("/")
    return before, last.partition(":")[0]


_lists: dict[str, Divisions] = {}


def divisions() -> Divisions:
    """The list of this installation, one in a process."""
    key = str(settings.DATA_DIR)
    found = _lists.get(key)
    if found is None:
        found = _lists.setdefault(key, Divisions(divisions_file()))
    return found


def compared(ids: list[str], day: date) -> dict[str, Any]:
    """Count a file's ids against the list; empty where no list is loaded.

    In each state the list's ids of the file's commonest kind there are expected (Virginia's counties, not its
    places). The list keeps ids of districts that were given up, so `listed_but_missing` is a number to look at and
    no error; `not_in_list` is one in most cases.
    """
    known = divisions().kinds(day)
    if not known:
        return {}
    by_state: dict[str, Counter[str]] = defaultdict(Counter)
    for before, kind in map(_kind, ids):
        by_state[before][kind] += 1
    expected = {
        each for before, kinds in by_state.items() for each in known.get((before, kinds.most_common(1)[0][0]), ())
    }
    every = set().union(*known.values())
    strange, missing = sorted(set(ids) - every), sorted(expected - set(ids))
    counts: dict[str, Any] = {
        "in_list": len(ids) - len(strange),
        "not_in_list": len(strange),
        "listed_but_missing": len(missing),
    }
    examples = {"not_in_list_examples": strange[:EXAMPLES], "listed_but_missing_examples": missing[:EXAMPLES]}
    return counts | {name: some for name, some in examples.items() if some}


def load_divisions(paths: list[Path]) -> dict[str, int]:
    """Loads the list from its CSV files (packed or not): divisions (id, name, …) and aliases (id, sameAs).

    All take the place of the list before, or nothing changes. Raises BadInput naming the file, Refused without a
    division.
    """
    target = divisions_file()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(draft)) as connection:
            connection.executescript(SCHEMA)
            for path in paths:
                _read(path, connection)
            connection.commit()
            count = {
                "divisions": connection.execute("SELECT count(*) FROM divisions").fetchone()[0],
                "aliases": connection.execute("SELECT count(*) FROM aliases").fetchone()[0],
            }
        if not count["divisions"]:
            raise Refused(f"{paths[0].name} has no division; the list was not changed.")
        draft.chmod(0o600)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return count


def _read(path: Path, connection: sqlite3.Connection) -> None:
    rows = _records(path)
    first = next(rows, None)
    if first is None:
        return
    if "id" not in first or not {"name", "sameAs"} & set(first):
        raise BadInput(f"{path.name} is no list of OCD ids: it needs the columns id and name, or id and sameAs.")
    for row in (first, *rows):
        if not (row["id"] or "").startswith("ocd-division/"):
            raise BadInput(f"{path.name} names {str(row['id'])[:60]!r}, which is no OCD id.")
        if row.get("name"):
            values = [row["id"], row["name"], row.get("validFrom") or None, row.get("validThrough") or None]
            connection.execute("INSERT OR REPLACE INTO divisions VALUES (?, ?, ?, ?)", values)
        if row.get("sameAs"):
            pairs = [(row["id"], row["sameAs"]), (row["sameAs"], row["id"])]
            connection.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?)", pairs)


def _records(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open("rb") as start:
            packed = start.read(2) == b"\x1f\x8b"
        with (
            gzip.open(path, "rt", encoding="utf-8-sig", newline="")
            if packed
            else path.open(encoding="utf-8-sig", newline="") as file
        ):
            yield from csv.DictReader(file)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path.name} cannot be read: {error}") from error
