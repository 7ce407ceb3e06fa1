"""Outcomes of match results."""

import pytest

from apps.verification import outcomes
from apps.verification.query import VoterQuery
from apps.voters import rolls
from apps.voters.search.base import voter_index

from .helpers import ABSENT, ME, TWINS


def query_of(row: dict[str, str], **changed: str) -> VoterQuery:
    """Return the query of the voter of a row."""
    names = ("first_name", "last_name", "dob", "address", "city", "zip")
    return VoterQuery(**{name: row[name] for name in names} | changed)


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize(
    ("row", "changed", "followed_up", "state", "detail"),
    [
        (ME, {}, False, "matched", ""),
        (ABSENT, {}, False, "not_found", ""),
        (TWINS[0], {"dob": "1990", "address": "7 Elsewhere Road"}, False, "detail", "birth_date"),
        (TWINS[0], {"dob": "1990", "address": "7 Elsewhere Road"}, True, "review", ""),
    ],
)
def test_results_become_outcomes(
    row: dict[str, str], changed: dict[str, str], followed_up: bool, state: str, detail: str
) -> None:
    query = query_of(row, **changed)
    outcome = outcomes.decide_outcome(voter_index().match_one(query.person, "form"), query, followed_up=followed_up)
    assert (outcome.state, outcome.requested_detail) == (state, detail)
    assert bool(outcome.voter_id) == (state == "matched")


@pytest.mark.usefixtures("roll")
def test_only_fields_that_agree_are_named() -> None:
    query = query_of(ME, zip="00499")
    levels = outcomes.candidate_levels(voter_index().match_one(query.person, "form"))
    row = rolls.get_voter("HD", ME["voter_id"])
    assert row is not None
    assert set(outcomes.agreeing_fields(levels, query, row)) == {"first_name", "last_name", "dob", "address", "city"}
