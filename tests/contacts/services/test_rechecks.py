"""Rechecks by the owner and after new quotas."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import quotas
from apps.contacts.services import rechecks
from apps.core.quotas import QuotaExceeded
from apps.jobs.models import Job
from apps.voters import suppression
from tests.contacts.helpers import WIM, import_people

pytestmark = pytest.mark.django_db


def test_an_owner_rechecks_all_contacts_once_in_30_days(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    (wim,) = import_people(member, WIM, run_jobs)
    assert wim.status == "no_roll"
    load_roll()
    run_jobs()
    wim.refresh_from_db()
    assert wim.status == "no_roll"
    rechecks.recheck_all(member.pk)
    run_jobs()
    wim.refresh_from_db()
    assert wim.status == "registered"
    with pytest.raises(QuotaExceeded) as refused:
        rechecks.recheck_all(member.pk)
    today = timezone.localdate()
    assert rechecks.recheck_dates(member.pk) == rechecks.RecheckDates(today, refused.value.free_on)
    assert refused.value.free_on == today + timedelta(days=30)


def test_a_suppression_shows_at_the_recheck(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    load_roll()
    (wim,) = import_people(member, WIM, run_jobs)
    suppression.suppress(state="HD", voter_id="V0001", by="person")
    run_jobs()
    wim.refresh_from_db()
    assert wim.status == "registered"
    rechecks.recheck_all(member.pk)
    run_jobs()
    wim.refresh_from_db()
    assert (wim.status, wim.state, wim.districts, wim.matched_voter) == ("not_found", "", {}, "")


def test_a_recheck_is_free_again_after_30_days(member: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        rechecks.recheck_all(member.pk)
        clock.shift(timedelta(days=30))
        assert rechecks.recheck_dates(member.pk).next is None
        rechecks.recheck_all(member.pk)
        assert Job.objects.filter(task="import.recheck").count() == 2


def test_contacts_over_the_quota_are_matched_when_it_is_free_again(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    with monkeypatch.context() as patch:
        patch.setattr(quotas, "LOOKUPS", 0)
        (wim,) = import_people(member, WIM, run_jobs)
    assert wim.status == "waiting"
    rechecks.recheck_waiting()
    run_jobs()
    wim.refresh_from_db()
    assert wim.status == "registered"
