"""Periodic tasks run once per period, however many schedulers run and however long they were down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.jobs import schedule
from apps.jobs.models import Periodic
from apps.jobs.schedule import PeriodicTask

pytestmark = pytest.mark.django_db

ENTRY = PeriodicTask("test.entry", 60, lambda: None)


def test_two_schedulers_act_once() -> None:
    assert schedule.claim_period(ENTRY) is True
    assert schedule.claim_period(ENTRY) is False


def test_a_missed_day_is_made_up_once() -> None:
    schedule.claim_period(ENTRY)
    Periodic.objects.update(last_at=timezone.now() - timedelta(days=1))
    assert [schedule.claim_period(ENTRY) for _ in range(3)] == [True, False, False]


def test_one_entry_in_trouble_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    entries = {
        "bad": PeriodicTask("bad", 60, lambda: done.append("bad") or 1 / 0),  # type: ignore[func-returns-value]
        "good": PeriodicTask("good", 60, lambda: done.append("good")),
    }
    monkeypatch.setattr(schedule, "_tasks", entries)
    assert schedule.tick() == ["good"]
    assert done == ["bad", "good"]
