"""Disclosure and counts of changes by a new roll."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.notifications.models import Notice
from apps.verification import registration_changes
from apps.verification.models import Claim
from apps.voters import rolls
from tests.verification.helpers import ME, RunJobs, claim_me
from tests.voters.synthetic_rows import voter, voters


@pytest.mark.usefixtures("roll")
def test_notices_are_counted_by_kind_of_change(
    member: User, other_member: User, load_rows: Any, run_jobs: RunJobs
) -> None:
    claim_me(member)
    changed = voter(40, status="inactive", precinct="39", cd="05")
    load_rows([changed if row["voter_id"] == ME["voter_id"] else row for row in voters(600)], "b.csv")
    run_jobs()
    run_jobs()
    assert registration_changes.change_counts(rolls.live_snapshots()["HD"].pk) == {
        "notified": 1,
        "status": 1,
        "district": 1,
        "precinct": 1,
    }
    load_rows([row for row in voters(600) if row["voter_id"] != ME["voter_id"]], "c.csv")
    run_jobs()
    assert registration_changes.change_counts(rolls.live_snapshots()["HD"].pk) == {"notified": 1, "gone": 1}
    assert Notice.objects.filter(member=member, kind="registration_changed").count() == 2


@pytest.mark.usefixtures("roll")
def test_an_unconfirmed_member_is_not_notified_of_a_move(member: User, load_rows: Any, run_jobs: RunJobs) -> None:
    claim_me(member)
    Claim.objects.update(address_agrees=False)
    moved = voter(40, address="7 Elsewhere Road")
    load_rows([moved if row["voter_id"] == ME["voter_id"] else row for row in voters(600)], "moved.csv")
    run_jobs()
    assert not Notice.objects.filter(kind="registration_changed").exists()
    Claim.objects.update(state="confirmed")
    load_rows([*voters(600)], "back.csv")
    run_jobs()
    assert Notice.objects.filter(kind="registration_changed").count() == 1
