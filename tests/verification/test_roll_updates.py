"""Follow-up of a new roll for members."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.notifications.models import Notice
from apps.verification import quotas, services
from apps.verification.models import Attempt, Claim
from apps.voters import rolls, snapshots, suppression
from tests.verification.helpers import ABSENT, ME, TWINS, ClientOf, RunJobs, claim_me, post
from tests.voters.synthetic_rows import voter, voters


@pytest.mark.usefixtures("roll")
def test_a_change_is_notified_once_per_roll(member: User, load_rows: Any, run_jobs: RunJobs) -> None:
    claim_me(member)
    run_jobs()
    load_rows([*voters(600), *TWINS], "same.csv")
    run_jobs()
    assert not Notice.objects.filter(kind="registration_changed").exists()
    changed = [voter(40, status="inactive") if row["voter_id"] == ME["voter_id"] else row for row in voters(600)]
    load_rows(changed, "changed.csv")
    run_jobs()
    run_jobs()
    assert Notice.objects.filter(member=member, kind="registration_changed").count() == 1
    current = services.current_registration(member)
    assert current is not None
    assert current.status == "inactive"
    snapshots.roll_back("HD")
    run_jobs()
    assert Notice.objects.filter(member=member, kind="registration_changed").count() == 2


@pytest.mark.usefixtures("roll")
def test_a_new_address_hides_the_districts(member: User, load_rows: Any, run_jobs: RunJobs) -> None:
    claim_me(member)
    moved = voter(40, address="7 Elsewhere Road", precinct="39")
    load_rows([moved if row["voter_id"] == ME["voter_id"] else row for row in voters(600)], "moved.csv")
    run_jobs()
    current = services.current_registration(member)
    assert current is not None
    assert (current.address_agrees, current.districts) == (False, {})


@pytest.mark.usefixtures("roll")
def test_a_suppression_is_never_notified(member: User, load_rows: Any, run_jobs: RunJobs) -> None:
    claim_me(member)
    hidden = [row | {"status": "confidential"} if row["voter_id"] == ME["voter_id"] else row for row in voters(600)]
    load_rows(hidden, "hidden.csv")
    run_jobs()
    assert suppression.is_suppressed("HD", ME["voter_id"])
    assert not Notice.objects.filter(kind="registration_changed").exists()
    assert services.current_registration(member) is None


@pytest.mark.usefixtures("roll")
def test_a_new_roll_retries_unmatched_members(
    member: User, client_of: ClientOf, load_rows: Any, run_jobs: RunJobs
) -> None:
    post(client_of(member), ABSENT)
    run_jobs()
    assert Attempt.objects.get().state == "not_found"
    load_rows([*voters(600), ABSENT], "new.csv")
    run_jobs()
    assert Attempt.objects.get().state == "matched"
    assert Claim.objects.get().member == member
    assert Notice.objects.get(kind="registration_found").member == member
    assert quotas.allowance(member).remaining == 2


@pytest.mark.usefixtures("roll")
def test_signing_in_checks_an_outdated_claim(member: User, load_rows: Any, run_jobs: RunJobs, client: Client) -> None:
    claim_me(member)
    load_rows([*voters(600)], "b.csv")
    live = rolls.live_snapshots()["HD"].pk
    client.force_login(member)
    from apps.jobs.models import Job

    assert Job.objects.get(task="match.claim").args["snapshot_id"] == live
    run_jobs()
    assert Claim.objects.get().snapshot_id == live
    assert not Notice.objects.filter(kind="registration_changed").exists()
