"""Street keys of an older store are rewritten when it is opened."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from apps.districts.addresses.files import read_rows
from apps.districts.addresses.lookup import AddressIndex, AddressMatch
from apps.districts.addresses.parse import ParsedAddress
from apps.districts.addresses.spelling import SPELLING
from apps.districts.addresses.store import connect, replace_source
from tests.districts.samples import points_file


def _old_store(path: Path, folder: Path) -> None:
    """Write a version 1 store: two spellings of one road are two streets, and suffixes are lost."""
    rows = [["-99.9", "40.5", "4521", "Co Rd 12", "", "Tarn", "", "QX", "00501"],
            ["-99.8", "40.5", "4522", "County Road 12", "", "Tarn", "", "QX", "00501"]]  # fmt: skip
    file = points_file(folder / "points.csv", rows)
    replace_source(path, file.name, "", read_rows(file, None, Counter()))
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        (row,) = old.execute("SELECT * FROM streets").fetchall()
        entries, lines = json.loads(row[7]), row[8]
        old.execute("DELETE FROM streets")
        for (entry, start, size), key, name in zip(
            entries, ("co rd 12", "county rd 12"), ("Co Rd 12", "County Road 12"), strict=True
        ):
            line = lines[8 * start : 8 * (start + size)]
            pieces = json.dumps([[entry[:2], 0, size]])
            old.execute(
                "INSERT INTO streets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (key, *row[1:5], key, name, pieces, line)
            )
        old.execute("PRAGMA user_version = 0")


def test_streets_of_an_older_store_are_respelled_and_joined(tmp_path: Path) -> None:
    path = tmp_path / "addresses.sqlite3"
    _old_store(path, tmp_path)
    index = AddressIndex(path)
    for number, lon in (("4521", -99.9), ("4522", -99.8)):
        found = index.find(ParsedAddress(number, "CR 12", zip="00501"))
        assert isinstance(found, AddressMatch)
        assert found.lon == lon
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == SPELLING
        assert connection.execute("SELECT count(*) FROM streets").fetchone()[0] == 1
