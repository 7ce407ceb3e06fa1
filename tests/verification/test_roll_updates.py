"""Follow-up of a new roll: one neutral notice for every linked member, and one free lookup."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.notifications.models import Notice
from apps.verification import quotas, registration_changes, roll_updates, services
from apps.verification.models import Attempt
from apps.voters import rolls, snapshots
from tests.verification.helpers import ABSENT, ME, ClientOf, RunJobs, claim_me, look_up, post
from tests.voters.synthetic_rows import voter, voters


def _told(member: User) -> list[str]:
    return list(Notice.objects.filter(member=member).values_list("kind", flat=True))


@pytest.mark.usefixtures("roll")
def test_every_linked_member_gets_one_notice_per_roll(
    member: User, other_member: User, load_rows: Any, run_jobs: RunJobs
) -> None:
    run_jobs()
    claim_me(member)
    load_rows(voters(600), "same.csv")
    run_jobs()
    run_jobs()
    assert (_told(member), _told(other_member)) == (["new_roll"], [])
    snapshots.roll_back("HD")
    run_jobs()
    assert _told(member) == ["new_roll", "new_roll"]


@pytest.mark.usefixtures("roll")
def test_batches_reach_everybody(
    member: User, other_member: User, load_rows: Any, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_jobs()
    claim_me(member)
    claim_me(other_member)
    monkeypatch.setattr(roll_updates, "BATCH", 1)
    load_rows(voters(600), "same.csv")
    run_jobs()
    assert (_told(member), _told(other_member)) == (["new_roll"], ["new_roll"])
    assert registration_changes.change_counts(rolls.live_snapshots()["HD"].pk) == {"notified": 2}


@pytest.mark.usefixtures("roll")
def test_one_look_up_is_free_and_tells_what_changed(
    member: User, client_of: ClientOf, load_rows: Any, run_jobs: RunJobs
) -> None:
    client = client_of(member)
    look_up(client, run_jobs, ME)
    changed = voter(40, status="inactive", cd="05")
    load_rows([changed if row["voter_id"] == ME["voter_id"] else row for row in voters(600)], "b.csv")
    run_jobs()
    for _ in range(2):
        post(client, ABSENT)  # the free one is the first
    assert quotas.allowance(member).remaining == 1
    page = look_up(client, run_jobs, ME)
    text = page.content.decode()
    assert "Changed since you looked before:" in text
    assert "the districts" in text
    assert "the status" in text
    assert services.free_snapshot(member) is None
    counts = registration_changes.change_counts(rolls.live_snapshots()["HD"].pk)
    assert counts == {"notified": 1, "status": 1, "district": 1}


@pytest.mark.usefixtures("roll")
def test_a_new_roll_answers_no_earlier_question(
    member: User, client_of: ClientOf, load_rows: Any, run_jobs: RunJobs
) -> None:
    """A lookup that found nothing stays so: no later notice differs."""
    look_up(client_of(member), run_jobs, ABSENT)
    load_rows([*voters(600), ABSENT], "new.csv")
    run_jobs()
    assert Attempt.objects.get().state == "not_found"
    assert _told(member) == []
