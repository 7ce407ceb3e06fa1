"""A member's plan, and reminders before the days that belong to it: each once, in time, for nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.notifications.models import Notice
from apps.officials.models import Election
from apps.outreach.models import Pledge
from apps.outreach.services import plans

pytestmark = pytest.mark.django_db


def test_a_plan_is_kept_changed_and_taken_back(
    member: Any, client_of: Callable[[Any], Client], election: Election
) -> None:
    browser, page = client_of(member), reverse("outreach:plan", args=[election.pk])
    assert browser.post(page, {}).status_code == 422
    late = (election.date + timedelta(days=1)).isoformat()
    assert browser.post(page, {"method": "early", "on_day": late}).status_code == 422
    typed = {"method": "early", "place": "Zerubbabel Hall", "time": "8 a.m.", "travel": "bike", "remind": "on"}
    browser.post(page, typed)
    browser.post(page, {**typed, "method": "mail"})
    plan = Pledge.objects.get()
    assert (plan.method, plan.place, plan.remind) == ("mail", "Zerubbabel Hall", True)
    assert b"Zerubbabel Hall" in browser.get(page).content
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM outreach_pledge")
        assert "Zerubbabel" not in cursor.fetchone()[0]
    browser.post(page, {"take_back": "1"})
    assert not Pledge.objects.exists()


def test_reminders_come_a_week_and_a_day_before_and_once(
    member: Any, other_member: Any, election: Election, run_jobs: Callable[[], int], mailoutbox: list[Any]
) -> None:
    plans.make(member=member, election=election, method="mail")
    plans.make(member=other_member, election=election, method="mail", remind=False)
    told = []
    for left in range(60, -1, -1):
        day = (election.date - timedelta(days=left)).isoformat()
        before = Notice.objects.count()
        plans.remind(day=day, after=0)
        plans.remind(day=day, after=0)
        if Notice.objects.count() > before:
            told.append(left)
    # Registration ends 30 days before, mail ballots are asked for until 14 days before.
    assert told == [37, 31, 21, 15, 7, 1]
    assert {notice.member for notice in Notice.objects.all()} == {member}
    run_jobs()
    assert len(mailoutbox) == 6
    assert any("General Election" in mail.body for mail in mailoutbox)


def test_a_day_that_was_missed_is_made_up(member: Any, election: Election) -> None:
    plan = plans.make(member=member, election=election, method="day")
    day = election.date
    assert plans.due(plan, day - timedelta(days=4)) == [("election_day", 7)]
    assert plans.due(plan, day) == [("election_day", 1)]
    assert plans.due(plan, day - timedelta(days=8)) == []


def test_many_plans_go_in_portions(
    member: Any, other_member: Any, election: Election, monkeypatch: pytest.MonkeyPatch, run_jobs: Callable[[], int]
) -> None:
    monkeypatch.setattr(plans, "PORTION", 1)
    for one in (member, other_member):
        plans.make(member=one, election=election, method="day")
    plans.remind(day=(election.date - timedelta(days=1)).isoformat(), after=0)
    run_jobs()
    assert {notice.member for notice in Notice.objects.all()} == {member, other_member}
