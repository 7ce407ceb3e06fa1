"""Plans and their reminders: each once, in time, for no one else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.jobs.models import Job
from apps.notifications.models import Notice
from apps.officials.models import Election
from apps.outreach.models import Pledge
from apps.outreach.services import plans

pytestmark = pytest.mark.django_db


def test_reminders_are_sent_once_a_week_and_a_day_before(
    member: User, other_member: User, election: Election, run_jobs: Callable[[], int], mailoutbox: list[Any]
) -> None:
    plans.save_plan(member=member, election=election, method="mail")
    plans.save_plan(member=other_member, election=election, method="mail", remind=False)
    sent_before = []
    for days_left in range(60, -1, -1):
        day = (election.date - timedelta(days=days_left)).isoformat()
        before = Notice.objects.count()
        plans.send_reminders(day=day, after=0)
        plans.send_reminders(day=day, after=0)
        if Notice.objects.count() > before:
            sent_before.append(days_left)
    # Registration ends 30 days before; mail ballots can be requested until 14 days before.
    assert sent_before == [37, 31, 21, 15, 7, 1]
    assert {notice.member for notice in Notice.objects.all()} == {member}
    run_jobs()
    assert len(mailoutbox) == 6
    assert any("General Election" in mail.body for mail in mailoutbox)


def test_a_missed_reminder_is_sent_later(member: User, election: Election) -> None:
    plan = plans.save_plan(member=member, election=election, method="day")
    day = election.date
    assert plans.due_reminders(plan, day - timedelta(days=4)) == [("election_day", 7)]
    assert plans.due_reminders(plan, day) == [("election_day", 1)]
    assert plans.due_reminders(plan, day - timedelta(days=8)) == []


def test_many_plans_are_processed_in_batches(
    member: User, other_member: User, election: Election, monkeypatch: pytest.MonkeyPatch, run_jobs: Callable[[], int]
) -> None:
    monkeypatch.setattr(plans, "BATCH", 1)
    for one in (member, other_member):
        plans.save_plan(member=one, election=election, method="day")
    plans.send_reminders(day=(election.date - timedelta(days=1)).isoformat(), after=0)
    run_jobs()
    assert {notice.member for notice in Notice.objects.all()} == {member, other_member}


def test_a_deleted_plan_sends_no_reminder(member: User, election: Election) -> None:
    plans.delete_plan(pledge=plans.save_plan(member=member, election=election, method="day"))
    assert not Pledge.objects.exists()
    plans.send_reminders(day=(election.date - timedelta(days=1)).isoformat(), after=0)
    assert not Notice.objects.exists()


def test_reminders_are_queued_once_a_day(db: None) -> None:
    for _hour in range(3):
        plans.queue_reminders()
    assert Job.objects.filter(task="default.remind").count() == 1
