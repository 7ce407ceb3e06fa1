"""Pre-registered people: no one who is certainly under 18 at the date of the roll is stored, matched or listed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls, suppression
from apps.voters.search.base import voter_index
from tests.voters.synthetic_rows import voter, voters

AS_OF = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("born", "stored"),
    [
        ({"dob": "2008-09-01"}, True),
        ({"dob": "2008-09-02"}, False),
        ({"dob": "2010-01-01"}, False),
        ({"dob": "", "birth_year": "2008"}, True),
        ({"dob": "", "birth_year": "2009"}, False),
        ({"dob": "", "birth_year": ""}, True),
    ],
)
def test_minors_are_withheld(
    born: dict[str, str], stored: bool, load_file: Callable[..., Any], write: Callable[..., Path]
) -> None:
    young = voter(60, last_name="Youngling", **born)
    load_file(write([*voters(50), young]), as_of=AS_OF)
    assert (rolls.get_voter("HD", young["voter_id"]) is not None) is stored
    assert suppression.is_suppressed("HD", young["voter_id"]) is not stored
    assert bool(voter_index().search_people({"last_name": "Youngling"}, 5)) is stored
    dropped = rolls.live_snapshots()["HD"].counts["dropped"]
    assert dropped == ({} if stored else {"preregistered": 1})
