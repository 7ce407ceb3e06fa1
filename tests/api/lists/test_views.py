"""The staff page of partners' lists: two people approve, one refuses, with a fresh password and a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.api.lists import review
from apps.matching import TypedPerson
from tests.api.conftest import Caller
from tests.api.lists.partner_lists import PEOPLE, approve, decide, list_row, submit


@pytest.mark.usefixtures("roll")
def test_a_refused_list_is_deleted_and_stays_refused(partner: Caller, owners: tuple[User, User]) -> None:
    one = submit(partner, PEOPLE)
    decide(owners[1], one, "refuse")
    assert not one.parts.exists()
    approve(owners, one)
    one.refresh_from_db()
    assert one.state == "refused"


def test_without_a_reason_or_a_roll_nothing_is_approved(partner: Caller, owner: User, state: Path) -> None:
    one = submit(partner, PEOPLE)
    decide(owner, one, reason="")
    decide(owner, one)
    one.refresh_from_db()
    assert (one.state, one.first_approver) == ("waiting", None)


@pytest.mark.usefixtures("roll")
def test_one_person_cannot_approve_twice(partner: Caller, owner: User) -> None:
    one = submit(partner, PEOPLE)
    decide(owner, one)
    page = decide(owner, one).content.decode()
    one.refresh_from_db()
    assert one.state == "waiting"
    assert "It waits for a second person." in page


@pytest.mark.usefixtures("roll")
def test_two_stewards_without_an_owner_cannot_approve(partner: Caller, steward: User, other_steward: User) -> None:
    one = submit(partner, PEOPLE)
    approve((steward, other_steward), one)
    one.refresh_from_db()
    assert one.state == "waiting"


@pytest.mark.usefixtures("roll")
def test_a_decision_needs_a_fresh_password(partner: Caller, owner: User, client_of: Callable[[User], Client]) -> None:
    one = submit(partner, PEOPLE)
    answer = client_of(owner).post(reverse("lists:decide"), {"list_id": one.pk, "reason": "contract", "approve": "1"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    one.refresh_from_db()
    assert one.first_approver is None


@pytest.mark.usefixtures("roll")
def test_the_page_shows_duplicates_and_canaries_but_no_person(
    partner: Caller, owner: User, client_of: Callable[[User], Client]
) -> None:
    review.add_canaries([TypedPerson(first_name="Zed", last_name="Nobody")])
    submit(partner, [*PEOPLE, list_row(7, query_id="again")])
    page = client_of(owner).get(reverse("lists:lists")).content.decode()
    assert "made-up people" in page
    assert "Nobody" not in page.replace("Nobody on a list", "")


@pytest.mark.usefixtures("roll")
def test_members_decide_nothing(partner: Caller, member: User) -> None:
    one = submit(partner, PEOPLE)
    assert decide(member, one).status_code in (403, 404)
    one.refresh_from_db()
    assert one.state == "waiting"
