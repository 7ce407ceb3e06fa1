"""Unused accounts: warned a month ahead, then closed, then erased."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from apps.accounts.models import User
from apps.privacy import registry as privacy


@pytest.mark.parametrize(("days", "warned", "leaves"), [(690, False, False), (710, True, False), (740, True, True)])
def test_by_the_days_since_the_last_sign_in(
    days: int, warned: bool, leaves: bool, member: User, owner: User, run_jobs: Callable[[], int]
) -> None:
    User.objects.update(last_login=timezone.now() - timedelta(days=days))
    privacy.run_retention()
    run_jobs()
    subjects = {message.subject for message in mail.outbox}
    member.refresh_from_db()
    owner.refresh_from_db()
    assert ("You have not been here for a long time" in subjects) is warned
    assert (member.erase_at is not None) is leaves
    assert owner.erase_at is None


def test_no_one_is_notified_twice(member: User, run_jobs: Callable[[], int]) -> None:
    User.objects.update(last_login=timezone.now() - timedelta(days=710))
    for _day in range(2):
        privacy.retain("accounts.inactive_warned")
    run_jobs()
    assert len(mail.outbox) == 1
