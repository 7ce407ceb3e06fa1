"""Rechecks after new rolls and new quotas."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.contacts import quotas
from apps.contacts.services import rechecks
from apps.jobs.models import Job
from tests.contacts.helpers import WIM, import_people

pytestmark = pytest.mark.django_db


def test_contacts_are_matched_when_the_first_roll_goes_live(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]
) -> None:
    (wim,) = import_people(member, WIM, run_jobs)
    assert (wim.status, wim.agreeing_fields) == ("no_roll", [])
    load_roll()
    run_jobs()
    wim.refresh_from_db()
    assert wim.status == "registered"


def test_contacts_over_the_quota_are_matched_the_next_day(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    with monkeypatch.context() as patch:
        patch.setattr(quotas, "LOOKUPS_PER_DAY", 0)
        (wim,) = import_people(member, WIM, run_jobs)
    assert wim.status == "waiting"
    rechecks.recheck_waiting()
    run_jobs()
    wim.refresh_from_db()
    assert wim.status == "registered"


def test_a_suppression_queues_a_recheck_without_naming_the_voter(member: User) -> None:
    rechecks.voters_protected([("HD", "V0001")])
    (job,) = Job.objects.filter(task="import.recheck_all")
    assert "V0001" not in f"{job.key} {job.args}"
    assert job.priority == 1
