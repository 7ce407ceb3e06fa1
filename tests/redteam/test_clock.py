"""The simulated clock: counters and accounts get older, and keep apart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.core import quotas
from apps.core.models import QuotaUse
from apps.core.quotas import Limit, key_for
from tests.redteam.clock import pass_days

pytestmark = pytest.mark.django_db


def test_a_limit_is_free_again_after_its_days() -> None:
    limit = Limit("test", key_for("x"), 1, 30)
    quotas.spend(limit)
    pass_days(29)
    assert quotas.left(limit) == 0
    pass_days(1)
    assert quotas.left(limit) == 1


def test_neighboring_days_of_a_counter_stay_apart() -> None:
    today = timezone.localdate()
    for day in range(3):
        QuotaUse.objects.create(scope="test", key=b"x", day=today - timedelta(days=day), used=day)
    pass_days(1)
    days = dict(QuotaUse.objects.values_list("day", "used"))
    assert days == {today - timedelta(days=day + 1): day for day in range(3)}


def test_accounts_get_older(member: User) -> None:
    before = member.joined_at
    pass_days(8)
    member.refresh_from_db()
    assert abs(before - timedelta(days=8) - member.joined_at) < timedelta(seconds=1)
