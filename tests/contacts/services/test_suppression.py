"""Clearing of matches with suppressed voters."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.contacts.services.suppression import hide_voters
from apps.voters import suppression
from tests.contacts.helpers import WIM, import_people

pytestmark = pytest.mark.django_db


def test_a_suppressed_voter_reads_as_not_found(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = import_people(member, WIM, run_jobs)
    assert wim.status == "registered"
    suppression.suppress(state="HD", voter_id="V0001", by="person")
    run_jobs()
    wim.refresh_from_db()
    assert (wim.status, wim.state, wim.districts, wim.agreeing_fields, wim.matched_voter) == (
        "not_found",
        "",
        {},
        [],
        "",
    )


def test_a_match_is_cleared_at_once(member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]) -> None:
    load_roll()
    (wim,) = import_people(member, WIM, run_jobs)
    assert hide_voters([("HD", "V0099")]) == 0
    assert hide_voters([("HD", "V0001")]) == 1
    wim.refresh_from_db()
    assert (wim.status, wim.districts, wim.matched_voter) == ("not_found", {}, "")
