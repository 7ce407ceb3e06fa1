"""Suppressed voters are never found, at once and after every load."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from apps.matching import TypedPerson
from apps.voters import roll_events, rolls, suppression
from apps.voters.search.base import voter_index
from tests.voters.queries import query_of
from tests.voters.synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_suppression_is_immediate_and_survives_loads(load_file: Load, write: Write) -> None:
    row = voter(5)
    heard: list[Any] = []
    roll_events.on_suppressed(heard.append)
    load_file(write(voters(50)))
    assert voter_index().match_one(query_of(row)).voter_id == row["voter_id"]
    suppression.suppress(state="HD", voter_id=row["voter_id"], by="operator")
    roll_events._on_suppressed.remove(heard.append)
    assert heard == [[("HD", row["voter_id"])]]
    for _ in range(2):
        assert rolls.get_voter("HD", row["voter_id"]) is None
        assert voter_index().search_people({"last_name": row["last_name"]}, 50) == [
            hit
            for hit in voter_index().search_people({"last_name": row["last_name"]}, 50)
            if hit.voter_id != row["voter_id"]
        ]
        answer = voter_index().match_one(query_of(row))
        absent = voter_index().match_one(TypedPerson(first_name="Zed", last_name="Nobody", state="HD"))
        assert (answer.status, answer.voter_id, answer.score, answer.candidates) == (
            absent.status, absent.voter_id, absent.score, absent.candidates,
        )  # fmt: skip
        load_file(write(voters(51), "b.csv"))
