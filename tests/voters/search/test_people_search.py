"""The stewards' search by parts of a name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.core.errors import BadInput
from apps.voters.search.base import voter_index
from tests.voters.synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_names_match_by_prefix_and_wildcards_have_no_effect(load_file: Load, write: Write) -> None:
    load_file(write([*voters(40), voter(50, last_name="O'Brien-Muñoz", first_name="Zoë", city="St. Paul")]))
    index = voter_index()
    (hit,) = index.search_people({"last_name": "obrien", "first_name": "zo", "city": "saint paul"}, 10)
    assert (hit.first_name, hit.last_name, hit.birth_year) == ("Zoë", "O'Brien-Muñoz", "1980")
    assert not hasattr(hit, "address")
    assert len(index.search_people({"last_name": "Arbor"}, 5)) == 5
    assert index.search_people({"last_name": "Arbor", "birth_year": "1931"}, 50)[0].birth_year == "1931"
    every = len(index.search_people({"last_name": "ar"}, 50))
    for wild, found in (("Ar%", every), ("Ar_or", 0), ("ar*", every), ("' OR 1=1 --", 0), ("AR\0", every)):
        assert len(index.search_people({"last_name": wild}, 50)) == found, wild
    for short in ("", "%%%", "a", "_"):
        with pytest.raises(BadInput, match="at least two letters"):
            index.search_people({"last_name": short}, 5)
