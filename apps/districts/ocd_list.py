"""The published list of Open Civic Data ids: expected divisions, their names and aliases.

The project's CSV files are loaded into one SQLite file, which is replaced atomically. The list is optional.
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
SELECT_DIVISION: Final = """
SELECT name, (SELECT group_concat(other, '|') FROM aliases WHERE aliases.id = divisions.id)
FROM divisions WHERE id = ?
"""
MAX_EXAMPLES: Final = 10


@dataclass(frozen=True)
class ListedDivision:
    """A division of the list: its name and its aliases."""

    name: str
    aliases: tuple[str, ...]


def divisions_file() -> Path:
    """Return the SQLite file of the list."""
    return Path(settings.DATA_DIR) / "boundaries" / "divisions.sqlite3"


class DivisionList:
    """The open list, with a connection per thread; empty if the file does not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection | None:
        try:
            inode = self.path.stat().st_ino
        except FileNotFoundError:
            return None
        if getattr(self._local, "inode", None) != inode:
            self._local.connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
            self._local.inode = inode
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _rows(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        connection = self._connection()
        return connection.execute(sql, list(values)).fetchall() if connection else []

    def get(self, ocd_id: str) -> ListedDivision | None:
        """Return one division, or None."""
        row = next(iter(self._rows(SELECT_DIVISION, [ocd_id])), None)
        return ListedDivision(row[0], tuple(sorted(row[1].split("|"))) if row[1] else ()) if row else None

    def search(self, words: list[str], limit: int) -> list[tuple[str, str]]:
        """Return ids and names of at most `limit` divisions with every word in id or name, shortest ids first."""
        where = " AND ".join(["(id LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!')"] * len(words)) or "0"
        values = [value for word in words for value in [_like_pattern(word)] * 2]
        order = f"ORDER BY length(id), id LIMIT {limit:d}"
        return self._rows(f"SELECT id, name FROM divisions WHERE {where} {order}", values)  # noqa: S608 - placeholders only

    def ids_by_type(self, day: date) -> dict[tuple[str, str], set[str]]:
        """Return the ids in force on a date, by container and type (such as `sldu`)."""
        rows = self._rows(
            "SELECT id FROM divisions WHERE coalesce(valid_from, '') <= ? AND coalesce(valid_to, '9999') >= ?",
            [str(day)] * 2,
        )
        ids_by_type: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (ocd_id,) in rows:
            ids_by_type[_container_and_type(ocd_id)].add(ocd_id)
        return ids_by_type


def _like_pattern(word: str) -> str:
    for character in "!%_":
        word = word.replace(character, f"!{character}")
    return f"%{word}%"


def _container_and_type(ocd_id: str) -> tuple[str, str]:
    before, _, last = ocd_id.rpartition("/")
    return before, last.partition(":")[0]


_lists: dict[str, DivisionList] = {}


def divisions() -> DivisionList:
    """Return the list of this installation, one per process."""
    key = str(settings.DATA_DIR)
    found = _lists.get(key)
    if found is None:
        found = _lists.setdefault(key, DivisionList(divisions_file()))
    return found


def compare_with_list(ids: list[str], day: date) -> dict[str, Any]:
    """Compare a file's ids with the list and return counts and examples; empty if no list is loaded.

    Expects in each state the list's ids of the file's most common type there (Virginia's counties, not its places).
    The list includes abolished districts, so `listed_but_missing` is not an error by itself; `not_in_list` usually is.
    """
    known = divisions().ids_by_type(day)
    if not known:
        return {}
    by_state: dict[str, Counter[str]] = defaultdict(Counter)
    for before, kind in map(_container_and_type, ids):
        by_state[before][kind] += 1
    expected = {
        each for before, kinds in by_state.items() for each in known.get((before, kinds.most_common(1)[0][0]), ())
    }
    listed_ids = set().union(*known.values())
    not_listed, missing = sorted(set(ids) - listed_ids), sorted(expected - set(ids))
    counts: dict[str, Any] = {
        "in_list": len(ids) - len(not_listed),
        "not_in_list": len(not_listed),
        "listed_but_missing": len(missing),
    }
    examples = {
        "not_in_list_examples": not_listed[:MAX_EXAMPLES],
        "listed_but_missing_examples": missing[:MAX_EXAMPLES],
    }
    return counts | {name: ids_shown for name, ids_shown in examples.items() if ids_shown}


def load_divisions(paths: list[Path]) -> dict[str, int]:
    """Load the list from plain or gzip CSV files: divisions (id, name, …) and aliases (id, sameAs); return counts.

    Replaces the previous list atomically. Raises BadInput that names the invalid file, Refused without a division.
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
        raise BadInput(f"{path.name} is not a list of OCD ids: it needs the columns id and name, or id and sameAs.")
    for row in (first, *rows):
        if not (row["id"] or "").startswith("ocd-division/"):
            raise BadInput(f"{path.name} contains {str(row['id'])[:60]!r}, which is not an OCD id.")
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
