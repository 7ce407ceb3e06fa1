"""Claims: one record, one account; disputes."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.cases.models import Case
from apps.notifications.models import Notice
from apps.verification import services
from apps.verification.models import Claim
from tests.verification.helpers import ME, ClientOf, RunJobs, claim_me, post
from tests.voters.synthetic_rows import voters


@pytest.mark.usefixtures("roll")
def test_a_second_claim_is_disputed_and_both_are_notified(
    member: User, other_member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    for user in (member, other_member):
        post(client_of(user), ME)
        run_jobs()
    first, second = Claim.objects.get(member=member), Claim.objects.get(member=other_member)
    assert (first.state, second.state) == ("claimed", "disputed")
    case = Case.objects.get(kind="second_claim")
    assert case.subject_id == second.pk
    assert {n.member for n in Notice.objects.filter(kind="second_claim")} == {member, other_member}
    page = client_of(other_member).get("/registration/").content.decode()
    assert "Somebody else says this registration is theirs" in page
    assert member.email not in page
    current = services.current_registration(other_member)
    assert current is not None
    assert current.districts == {}


@pytest.mark.django_db(transaction=True)
def test_concurrent_claims_are_one_match_and_one_dispute(
    make_member: Callable[..., User], load_rows: Callable[..., None]
) -> None:
    """S8: the constraint holds in threads."""
    load_rows([*voters(60)])
    members = [make_member(f"asks{n}@example.org") for n in range(2)]
    gate = threading.Barrier(2)
    errors: list[BaseException] = []

    def run(member: User) -> None:
        try:
            gate.wait(10)
            claim_me(member)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["claimed", "disputed"]
    assert Case.objects.filter(kind="second_claim").count() == 1
