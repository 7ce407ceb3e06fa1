"""The owner's page of partners' lists."""

from pathlib import Path

import pytest

from apps.accounts.models import User
from tests.api.conftest import Caller
from tests.api.lists.partner_lists import PEOPLE, decide, submit


@pytest.mark.usefixtures("roll")
def test_a_refused_list_is_deleted_and_stays_refused(partner: Caller, owner: User) -> None:
    one = submit(partner, PEOPLE)
    decide(owner, one, "refuse")
    assert not one.parts.exists()
    decide(owner, one)
    one.refresh_from_db()
    assert one.state == "refused"


def test_without_a_reason_or_a_roll_nothing_is_approved(partner: Caller, owner: User, state: Path) -> None:
    one = submit(partner, PEOPLE)
    decide(owner, one, reason="")
    decide(owner, one)
    one.refresh_from_db()
    assert one.state == "waiting"


@pytest.mark.usefixtures("roll")
def test_only_the_owner_decides(partner: Caller, member: User) -> None:
    one = submit(partner, PEOPLE)
    assert decide(member, one).status_code in (403, 404)
    one.refresh_from_db()
    assert one.state == "waiting"
