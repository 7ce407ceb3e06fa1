"""Matches are checked against the live rolls before they are returned."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from apps.voters import rolls, snapshot_files
from apps.voters.search.base import voter_index
from tests.voters.queries import query_of
from tests.voters.synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_a_match_of_an_outdated_index_is_removed(load_file: Load, write: Write) -> None:
    """The index still has a voter whose row is gone, as a server may for a while."""
    row = voter(5)
    load_file(write(voters(50)))
    engine = voter_index().matcher()  # type: ignore[attr-defined]
    load_file(write([r for r in voters(50) if r != row], "b.csv"))
    index = voter_index()
    index._open = (tuple(snapshot_files.snapshot_key(s) for s in rolls.live_snapshots().values()), engine)  # type: ignore[attr-defined]
    assert index.match_one(query_of(row)).status == "none"
