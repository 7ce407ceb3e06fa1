"""Claims: those of one record coexist; the code of a letter wins silently; unconfirmed ones lapse."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.cases.models import Case
from apps.notifications.models import Notice
from apps.verification import claims, services
from apps.verification.models import Claim
from apps.voters import rolls
from tests.verification.helpers import ME, ClientOf, claim_me, query_of
from tests.voters.synthetic_rows import voters


def _confirm(member: User) -> Claim:
    row = rolls.get_own_voter("HD", ME["voter_id"])
    assert row is not None
    return claims.confirm_record(member=member, row=row, query=query_of(ME), snapshot=rolls.live_snapshots()["HD"])


@pytest.mark.usefixtures("roll")
def test_a_confirmed_claim_wins_and_no_other_page_changes(
    member: User, other_member: User, client_of: ClientOf
) -> None:
    first = claim_me(member)
    before = services.current_registration(member)
    _confirm(other_member)
    first.refresh_from_db()
    assert first.state == "claimed"
    assert services.current_registration(member) == before
    assert not Notice.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.usefixtures("roll")
def test_a_later_code_replaces_an_earlier_one(member: User, other_member: User) -> None:
    first = _confirm(member)
    second = _confirm(other_member)
    first.refresh_from_db()
    assert (first.state, second.state) == ("claimed", "confirmed")


@pytest.mark.usefixtures("roll")
def test_unconfirmed_claims_lapse_after_90_days(member: User, other_member: User) -> None:
    claim_me(member)
    _confirm(other_member)
    Claim.objects.update(checked_at=timezone.now() - timedelta(days=91))
    assert services.current_registration(member) is None
    assert services.current_registration(other_member) is not None
    assert claims.end_lapsed() == 1
    assert Claim.objects.get(member=member).state == "released"
    assert claim_me(member).state == "claimed"


@pytest.mark.usefixtures("roll")
def test_a_confirmed_member_follows_the_roll(member: User, load_rows: Any) -> None:
    _confirm(member)
    changed = [row | {"status": "inactive"} if row["voter_id"] == ME["voter_id"] else row for row in voters(600)]
    load_rows(changed, "b.csv")
    shown = services.current_registration(member)
    assert shown is not None
    assert (shown.status, shown.changes, shown.is_dated) == ("inactive", ("status",), False)
    load_rows([row for row in voters(600) if row["voter_id"] != ME["voter_id"]], "c.csv")
    gone = services.current_registration(member)
    assert gone is not None
    assert gone.changes == ("gone",)


@pytest.mark.django_db(transaction=True)
def test_concurrent_claims_of_one_record_coexist(
    make_member: Callable[..., User], load_rows: Callable[..., None]
) -> None:
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
    assert list(Claim.objects.values_list("state", flat=True)) == ["claimed", "claimed"]
